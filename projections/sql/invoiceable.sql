-- The entries of a period and some pros that bear something and are on no document yet; what they correct, and where.
SELECT entry.position, entry.number, CASE entry.role WHEN 'credit' THEN coalesce(invoice.number, '') ELSE '' END,
       original.position IS NOT NULL AND invoice.number IS NULL, original.period,
       entry.mission, entry.pro, entry.client, entry.city, entry.service, entry.kind, entry.role,
       entry.corrects_position, entry.corrects_number, entry.minutes, entry.gross, entry.commission, entry.vat,
       entry.currency, entry.rate, entry.policy, entry.ended_at, entry.closes_at
  FROM billing_entry AS entry
  LEFT JOIN billing_entry AS original
         ON (original.position, original.number) = (entry.corrects_position, entry.corrects_number)
        AND (original.commission <> 0 OR original.vat <> 0)
  LEFT JOIN invoice_entry AS there ON (there.position, there.number) = (original.position, original.number)
  LEFT JOIN invoice ON invoice.position = there.invoice
 WHERE entry.period = %(period)s
   AND entry.pro = ANY (%(pros)s)
   AND (entry.commission <> 0 OR entry.vat <> 0)
   AND NOT EXISTS (SELECT
                     FROM invoice_entry AS issued
                    WHERE (issued.position, issued.number) = (entry.position, entry.number))
