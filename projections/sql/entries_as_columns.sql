-- What a close froze, in the order of its digest. The position is put in as text: this goes by COPY, which binds nothing.
SELECT mission, pro, client, city, service, kind, role, corrects_position, corrects_number, minutes, gross, commission,
       vat, currency, rate, policy, ended_at, closes_at
  FROM projection.billing_entry
 WHERE position = %(position)d
 ORDER BY number
