-- Everything billed for sessions that ended in a span, client by client.
SELECT period, mission, pro, client, city, service, kind, role, minutes, gross, commission, vat, currency, rate, policy,
       ended_at, closes_at, position, number, corrects_position, corrects_number
  FROM billing_entry
 WHERE ended_at >= %(from)s AND ended_at < %(until)s AND (%(client)s::text IS NULL OR client = %(client)s)
 UNION ALL
SELECT line.period, line.mission, line.pro, line.client, line.city, line.service, line.kind, 'line', line.minutes,
       line.gross, line.commission, line.vat, line.currency, line.rate, line.policy, line.ended_at, line.closes_at,
       0, 0, 0, 0
  FROM billing_line AS line
 WHERE line.ended_at >= %(from)s AND line.ended_at < %(until)s AND (%(client)s::text IS NULL OR line.client = %(client)s)
   AND NOT EXISTS (SELECT
                     FROM (SELECT entry.role
                             FROM billing_entry AS entry
                            WHERE entry.mission = line.mission
                            ORDER BY entry.position DESC, entry.number DESC
                            LIMIT 1) AS latest
                    WHERE latest.role = 'line')
 ORDER BY client, ended_at, mission, position, number
