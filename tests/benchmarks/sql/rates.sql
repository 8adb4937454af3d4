-- The counts of the cancellation rate: (pro, city, accepted, cancelled, missed); at or after its start it is a no-show.
SELECT accepted.pro, request.city, count(*),
       count(*) FILTER (WHERE cancelled.at < request.starts_at),
       count(*) FILTER (WHERE cancelled.at >= request.starts_at)
  FROM told AS accepted
  JOIN told AS request ON request.mission = accepted.mission
  LEFT JOIN told AS cancelled
    ON cancelled.mission = accepted.mission AND cancelled.type = 'mission.cancelled' AND cancelled.actor = 'pro'
 WHERE accepted.type = 'mission.accepted' AND request.type = 'mission.requested'
 GROUP BY accepted.pro, request.city
