INSERT INTO billing_line (mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency, rate, policy, ended_at, closes_at, period)
SELECT mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency, rate, policy, ended_at, closes_at, period
  FROM json_populate_recordset(NULL::billing_line, %(rows)s::json)
ON CONFLICT (mission) DO UPDATE
   SET pro = excluded.pro,
       client = excluded.client,
       city = excluded.city,
       service = excluded.service,
       kind = excluded.kind,
       minutes = excluded.minutes,
       gross = excluded.gross,
       commission = excluded.commission,
       vat = excluded.vat,
       currency = excluded.currency,
       rate = excluded.rate,
       policy = excluded.policy,
       ended_at = excluded.ended_at,
       closes_at = excluded.closes_at,
       period = excluded.period
