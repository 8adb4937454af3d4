-- Of linked accounts the latest event is that of the person.
SELECT pro, access, until, limits, no_shows, accounts,
       CASE WHEN accounts IS NULL THEN latest_at
            ELSE (SELECT max(one.latest_at) FROM pro_standing AS one WHERE one.pro = ANY (pro_standing.accounts))
       END AS latest_at
  FROM pro_standing
 WHERE %(pros)s::text[] IS NULL OR pro = ANY (%(pros)s)
 ORDER BY pro
