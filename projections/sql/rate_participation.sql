-- Nothing but the rating of these participations changed.
UPDATE participation
   SET ended_at = rated.ended_at,
       stars = rated.stars,
       rated_position = rated.rated_position,
       client = rated.client
  FROM unnest(%(pro)s::text[], %(ended_at)s::bigint[], %(mission)s::text[], %(stars)s::smallint[],
              %(rated_position)s::bigint[], %(client)s::text[])
       AS rated (pro, ended_at, mission, stars, rated_position, client)
 WHERE participation.pro = rated.pro AND participation.mission = rated.mission
