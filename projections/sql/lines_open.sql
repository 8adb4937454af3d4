-- Lines of a period, or of one before, whose bill has not closed by an instant: how many, and when the last one closes.
SELECT count(*), max(line.closes_at)
  FROM billing_pending AS pending
  JOIN billing_line AS line ON line.mission = pending.mission
 WHERE line.period <= %(period)s AND line.closes_at > %(at)s
