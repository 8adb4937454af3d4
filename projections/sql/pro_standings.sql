SELECT pro, access, until, no_shows, latest_at
  FROM pro_standing
 WHERE %(pros)s::text[] IS NULL OR pro = ANY (%(pros)s)
 ORDER BY pro
