INSERT INTO pro_standing (pro, access, until, no_shows, latest_at)
SELECT pro, access, until, no_shows, latest_at
  FROM json_populate_recordset(NULL::pro_standing, %(rows)s::json)
ON CONFLICT (pro) DO UPDATE
   SET access = excluded.access,
       until = excluded.until,
       no_shows = excluded.no_shows,
       latest_at = excluded.latest_at
