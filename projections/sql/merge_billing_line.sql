INSERT INTO billing_line (mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency, rate,
                          policy, ended_at, closes_at, period)
SELECT *
  FROM unnest(%(mission)s::text[], %(pro)s::text[], %(client)s::text[], %(city)s::text[], %(service)s::text[],
              %(kind)s::text[], %(minutes)s::integer[], %(gross)s::bigint[], %(commission)s::bigint[],
              %(vat)s::bigint[], %(currency)s::text[], %(rate)s::text[], %(policy)s::text[], %(ended_at)s::bigint[],
              %(closes_at)s::bigint[], %(period)s::text[])
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
