-- Missions whose line is of a month now, but that neither its close nor an earlier one froze: those that wait for a
-- close, and those that a later one froze first.
SELECT line.mission
  FROM (SELECT mission FROM billing_pending
         UNION
        SELECT mission FROM billing_entry WHERE position > %(position)s) AS waiting
  JOIN billing_line AS line ON line.mission = waiting.mission AND line.period = %(period)s
 WHERE NOT EXISTS (SELECT FROM billing_entry AS entry
                    WHERE entry.mission = line.mission AND entry.position <= %(position)s)
