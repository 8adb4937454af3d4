SELECT mission, pro, city, service, minutes, gross, commission, vat, currency, rate, closes_at, kind, period, policy
  FROM billing_line
 WHERE (%(pro)s::text IS NULL OR pro = %(pro)s) AND (%(period)s::text IS NULL OR period = %(period)s)
 ORDER BY ended_at, mission
