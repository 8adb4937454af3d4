SELECT string_agg(record_send(ROW(mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency,
                                  rate, policy, ended_at, closes_at, period)), ''::bytea)
  FROM projection.billing_line
 WHERE ctid >= %(first)s::tid AND ctid < %(behind)s::tid
