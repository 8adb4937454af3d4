-- Of these accounts those that an event mentions, and how many missions concern each.
SELECT pro_standing.pro, count(participation.mission)
  FROM pro_standing
  LEFT JOIN participation ON participation.pro = pro_standing.pro
 WHERE pro_standing.pro = ANY (%(pros)s)
 GROUP BY pro_standing.pro
 ORDER BY pro_standing.pro
