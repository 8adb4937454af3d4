-- Pro by pro: a table that grew since it was last analysed would be read whole for a hundred pros at once.
SELECT asked.pro, ended_at, mission, stars, rated_position, client, city, accepted_at, accepted_position, adverse,
       adverse_at, adverse_position, confirmed_position, late, due_at, series, requested_at, slot_at, slot_end,
       by_cancellation
  FROM unnest(%(pros)s::text[]) AS asked (pro)
 CROSS JOIN LATERAL (
           SELECT *
             FROM participation
            WHERE participation.pro = asked.pro AND accepted_position > 0
           OFFSET 0
       ) AS held
