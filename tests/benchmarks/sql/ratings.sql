-- The last fifty rated missions in order of completion: (pro, city, rated, stars).
SELECT pro, city, count(*), sum(stars)
  FROM (SELECT accepted.pro, request.city, rated.stars,
               row_number() OVER (PARTITION BY accepted.pro, request.city
                                      ORDER BY completed.ended_at DESC, completed.mission DESC) AS place
          FROM told AS rated
          JOIN told AS completed ON completed.mission = rated.mission
          JOIN told AS accepted ON accepted.mission = rated.mission
          JOIN told AS request ON request.mission = rated.mission
         WHERE rated.type = 'mission.rated' AND rated.actor = 'client' AND completed.type = 'mission.completed'
           AND accepted.type = 'mission.accepted' AND request.type = 'mission.requested') AS rated
 WHERE place <= 50
 GROUP BY pro, city
