-- Lines of months that no close can take any more, up to the last closed one, which nothing frozen stands for: they are
-- told in the month whose close books them. All of them wait, so that no other line is looked at.
SELECT %(period)s::text, line.mission, line.pro, line.client, line.city, line.service, line.kind, 'line', line.minutes,
       line.gross, line.commission, line.vat, line.currency, line.rate, line.policy, line.ended_at, line.closes_at,
       0, 0, 0, 0
  FROM billing_pending AS pending
  JOIN billing_line AS line ON line.mission = pending.mission
 WHERE line.period <= %(after)s
   AND NOT EXISTS (SELECT
                     FROM (SELECT entry.role
                             FROM billing_entry AS entry
                            WHERE entry.mission = line.mission
                            ORDER BY entry.position DESC, entry.number DESC
                            LIMIT 1) AS latest
                    WHERE latest.role = 'line')
 ORDER BY line.ended_at, line.mission
