SELECT position, number, mission, pro, client, city, service, kind, role, corrects_position, corrects_number, minutes,
       gross, commission, vat, currency, rate, policy, ended_at, closes_at
  FROM billing_entry
 WHERE mission = ANY (%(missions)s)
 ORDER BY position, number
