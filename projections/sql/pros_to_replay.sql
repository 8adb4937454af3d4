-- Every account, or the named ones, and how many missions concern it.
SELECT pro_standing.pro, count(participation.mission)
  FROM pro_standing
  LEFT JOIN participation ON participation.pro = pro_standing.pro
 WHERE %(pros)s::text[] IS NULL OR pro_standing.pro = ANY (%(pros)s)
 GROUP BY pro_standing.pro
 ORDER BY pro_standing.pro
