INSERT INTO participation (pro, mission, city, accepted_at, accepted_position, adverse, adverse_at, adverse_position, confirmed_position, late, due_at, ended_at, stars, rated_position, client, series, requested_at, slot_at, slot_end, by_cancellation)
SELECT pro, mission, city, accepted_at, accepted_position, adverse, adverse_at, adverse_position, confirmed_position, late, due_at, ended_at, stars, rated_position, client, series, requested_at, slot_at, slot_end, by_cancellation
  FROM json_populate_recordset(NULL::participation, %(rows)s::json)
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
