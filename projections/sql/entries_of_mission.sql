SELECT mission, pro, city, service, minutes, gross, commission, vat, currency, rate, closes_at, kind, period, policy,
       role, position, number, corrects_position, corrects_number
  FROM billing_entry
 WHERE mission = %(mission)s
 ORDER BY position, number
