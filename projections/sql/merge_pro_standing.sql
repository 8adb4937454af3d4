INSERT INTO pro_standing (pro, access, until, limits, no_shows, latest_at, accounts)
SELECT pro, access, until, limits::jsonb, no_shows, latest_at, accounts::text[]
  FROM unnest(%(pro)s::text[], %(access)s::smallint[], %(until)s::bigint[], %(limits)s::text[],
              %(no_shows)s::integer[], %(latest_at)s::bigint[], %(accounts)s::text[])
       AS given (pro, access, until, limits, no_shows, latest_at, accounts)
ON CONFLICT (pro) DO UPDATE
   SET access = excluded.access,
       until = excluded.until,
       limits = excluded.limits,
       no_shows = excluded.no_shows,
       latest_at = excluded.latest_at,
       accounts = excluded.accounts
