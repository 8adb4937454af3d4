-- What a closed period may hold: the missions it froze an entry for, and those whose line is of that month now and that
-- no earlier close froze, in the order of the entries.
SELECT mission COLLATE "C" AS mission
  FROM billing_entry
 WHERE position = %(position)s
 UNION
SELECT line.mission COLLATE "C"
  FROM billing_line AS line
 WHERE line.period = %(period)s
   AND NOT EXISTS (SELECT FROM billing_entry AS entry
                    WHERE entry.mission = line.mission AND entry.position < %(position)s)
 ORDER BY mission
