-- Lines of an open month that nothing frozen stands for.
SELECT line.period, line.mission, line.pro, line.client, line.city, line.service, line.kind, 'line', line.minutes,
       line.gross, line.commission, line.vat, line.currency, line.rate, line.policy, line.ended_at, line.closes_at,
       0, 0, 0, 0
  FROM billing_line AS line
 WHERE line.period = %(period)s
   AND NOT EXISTS (SELECT
                     FROM (SELECT entry.role
                             FROM billing_entry AS entry
                            WHERE entry.mission = line.mission
                            ORDER BY entry.position DESC, entry.number DESC
                            LIMIT 1) AS latest
                    WHERE latest.role = 'line')
 ORDER BY line.ended_at, line.mission
