-- Months after a closed one (or from the first on) in which lines wait to be frozen.
SELECT DISTINCT line.period
  FROM billing_pending AS pending
  JOIN billing_line AS line ON line.mission = pending.mission
 WHERE line.period > %(after)s
 ORDER BY line.period
