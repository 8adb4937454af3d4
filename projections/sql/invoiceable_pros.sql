-- The pros with entries of a close that bear something and are on no document yet, and which entries these are.
SELECT entry.pro, array_agg(entry.number)
  FROM billing_entry AS entry
  LEFT JOIN invoice_entry AS issued ON (issued.position, issued.number) = (entry.position, entry.number)
 WHERE entry.position = %(position)s
   AND (%(pro)s::text IS NULL OR entry.pro = %(pro)s)
   AND (entry.commission <> 0 OR entry.vat <> 0)
   AND issued.invoice IS NULL
 GROUP BY entry.pro
 ORDER BY entry.pro COLLATE "C"
