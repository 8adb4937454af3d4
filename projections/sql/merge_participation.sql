INSERT INTO participation (pro, mission, city, accepted_at, accepted_position, adverse, adverse_at, adverse_position,
                           confirmed_position, late, due_at, ended_at, stars, rated_position, client, series,
                           requested_at, slot_at, slot_end, by_cancellation)
SELECT *
  FROM unnest(%(pro)s::text[], %(mission)s::text[], %(city)s::text[], %(accepted_at)s::bigint[],
              %(accepted_position)s::bigint[], %(adverse)s::smallint[], %(adverse_at)s::bigint[],
              %(adverse_position)s::bigint[], %(confirmed_position)s::bigint[], %(late)s::smallint[],
              %(due_at)s::bigint[], %(ended_at)s::bigint[], %(stars)s::smallint[], %(rated_position)s::bigint[],
              %(client)s::text[], %(series)s::text[], %(requested_at)s::bigint[], %(slot_at)s::bigint[],
              %(slot_end)s::bigint[], %(by_cancellation)s::smallint[])
ON CONFLICT (pro, mission) DO UPDATE
   SET city = excluded.city,
       accepted_at = excluded.accepted_at,
       accepted_position = excluded.accepted_position,
       adverse = excluded.adverse,
       adverse_at = excluded.adverse_at,
       adverse_position = excluded.adverse_position,
       confirmed_position = excluded.confirmed_position,
       late = excluded.late,
       due_at = excluded.due_at,
       ended_at = excluded.ended_at,
       stars = excluded.stars,
       rated_position = excluded.rated_position,
       client = excluded.client,
       series = excluded.series,
       requested_at = excluded.requested_at,
       slot_at = excluded.slot_at,
       slot_end = excluded.slot_end,
       by_cancellation = excluded.by_cancellation
