INSERT INTO pro_standing (pro, access, until, limits, no_shows, latest_at, accounts)
SELECT pro, access, until, limits, no_shows, latest_at, accounts
  FROM json_populate_recordset(NULL::pro_standing, %(rows)s::json)
ON CONFLICT (pro) DO UPDATE
   SET access = excluded.access,
       until = excluded.until,
       limits = excluded.limits,
       no_shows = excluded.no_shows,
       latest_at = excluded.latest_at,
       accounts = excluded.accounts
