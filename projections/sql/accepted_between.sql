-- What each person accepted in a time, city by city, each mission once, and which of it counts against them. Linked
-- accounts are one person.
SELECT participation.city,
       coalesce(pro_standing.accounts[1], participation.pro) AS person,
       count(DISTINCT participation.mission) AS accepted,
       coalesce(json_agg(json_build_array(participation.mission, participation.series)
                         ORDER BY participation.accepted_position) FILTER (WHERE participation.adverse <> 0),
                '[]') AS adverse
  FROM participation
  LEFT JOIN pro_standing ON pro_standing.pro = participation.pro
 WHERE participation.accepted_position > 0
   AND participation.accepted_at > %(after)s
   AND participation.accepted_at <= %(until)s
 GROUP BY 1, 2
 ORDER BY 1, 2
