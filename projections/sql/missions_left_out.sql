-- Missions whose line is of a month now, but that neither its close nor an earlier one froze.
SELECT line.mission
  FROM billing_line AS line
 WHERE line.period = %(period)s
   AND NOT EXISTS (SELECT FROM billing_entry AS entry
                    WHERE entry.mission = line.mission AND entry.position <= %(position)s)
