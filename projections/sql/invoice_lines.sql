SELECT entry.mission, entry.pro, entry.client, entry.city, entry.service, entry.kind, entry.role,
       entry.corrects_position, entry.corrects_number, entry.minutes, entry.gross, entry.commission, entry.vat,
       entry.currency, entry.rate, entry.policy, entry.ended_at, entry.closes_at, entry.position
  FROM invoice_entry AS issued
  JOIN billing_entry AS entry USING (position, number)
 WHERE issued.invoice = %(position)s
 ORDER BY entry.position, entry.number
