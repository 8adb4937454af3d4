-- Those of some entries of a close that are on no document yet; what they correct, and where. All is found by primary
-- keys: a close has a million entries, and this is asked for each few hundred pros.
SELECT entry.position, entry.number, CASE entry.role WHEN 'credit' THEN coalesce(invoice.number, '') ELSE '' END,
       original.position IS NOT NULL AND invoice.number IS NULL, original.period,
       entry.mission, entry.pro, entry.client, entry.city, entry.service, entry.kind, entry.role,
       entry.corrects_position, entry.corrects_number, entry.minutes, entry.gross, entry.commission, entry.vat,
       entry.currency, entry.rate, entry.policy, entry.ended_at, entry.closes_at
  FROM billing_entry AS entry
  LEFT JOIN LATERAL (SELECT *
                       FROM billing_entry AS corrected
                      WHERE entry.corrects_position <> 0
                        AND (corrected.position, corrected.number) = (entry.corrects_position, entry.corrects_number)
                        AND (corrected.commission <> 0 OR corrected.vat <> 0)) AS original ON true
  LEFT JOIN invoice_entry AS there ON (there.position, there.number) = (original.position, original.number)
  LEFT JOIN invoice ON invoice.position = there.invoice
 WHERE entry.position = %(position)s
   AND entry.number = ANY (%(numbers)s)
   AND NOT EXISTS (SELECT
                     FROM invoice_entry AS issued
                    WHERE (issued.position, issued.number) = (entry.position, entry.number))
