COPY participation (pro, ended_at, mission, stars, rated_position, client, city, accepted_at, accepted_position, adverse,
                    adverse_at, adverse_position, confirmed_position, late, due_at, series, requested_at, slot_at,
                    slot_end, by_cancellation)
FROM STDIN
