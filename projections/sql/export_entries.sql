-- Frozen entries of a closed period, in the order they were frozen in.
SELECT period, mission, pro, client, city, service, kind, role, minutes, gross, commission, vat, currency, rate, policy,
       ended_at, closes_at, position, number, corrects_position, corrects_number
  FROM billing_entry
 WHERE period = %(period)s
 ORDER BY position, number
