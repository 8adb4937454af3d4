-- Lines that no close has frozen as they are now, by the month of their session.
SELECT line.period, line.currency, count(*), count(*) FILTER (WHERE line.closes_at > %(now)s), sum(line.gross),
       sum(line.commission), sum(line.vat)
  FROM billing_pending AS pending
  JOIN billing_line AS line ON line.mission = pending.mission
 GROUP BY line.period, line.currency
 ORDER BY line.period, line.currency COLLATE "C"
