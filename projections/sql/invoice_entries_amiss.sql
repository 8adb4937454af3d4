-- The first document with an entry that does not belong on it, and why.
SELECT issued.invoice, coalesce(document.number, 'a document that was never issued'),
       'entry ' || issued.position || '/' || issued.number || CASE
           WHEN document.position IS NULL OR entry.position IS NULL THEN ' was never frozen'
           WHEN entry.position >= issued.invoice THEN ' was frozen later'
           WHEN (entry.pro, entry.period, entry.currency)
                IS DISTINCT FROM (document.pro, document.period, document.currency)
                THEN ' is of another pro, period or currency'
           WHEN entry.commission = 0 AND entry.vat = 0 THEN ' bears nothing'
           WHEN (entry.role = 'credit') <> (document.kind = 'credit_note') THEN ' is a ' || entry.role
           ELSE ' takes back nothing that ' || document.credited || ' bills' END
  FROM invoice_entry AS issued
  LEFT JOIN invoice AS document ON document.position = issued.invoice
  LEFT JOIN billing_entry AS entry ON (entry.position, entry.number) = (issued.position, issued.number)
  LEFT JOIN billing_entry AS original
         ON (original.position, original.number) = (entry.corrects_position, entry.corrects_number)
  LEFT JOIN invoice_entry AS billed ON (billed.position, billed.number) = (original.position, original.number)
  LEFT JOIN invoice AS credited ON credited.position = billed.invoice
 WHERE document.position IS NULL
    OR entry.position IS NULL
    OR entry.position >= issued.invoice
    OR (entry.pro, entry.period, entry.currency) IS DISTINCT FROM (document.pro, document.period, document.currency)
    OR (entry.commission = 0 AND entry.vat = 0)
    OR (entry.role = 'credit') <> (document.kind = 'credit_note')
    OR (entry.role = 'credit'
        AND (credited.number IS DISTINCT FROM document.credited
             OR credited.position >= document.position
             OR (entry.mission, entry.pro, entry.currency, entry.gross, entry.commission, entry.vat)
                IS DISTINCT FROM
                (original.mission, original.pro, original.currency, -original.gross, -original.commission, -original.vat)))
 ORDER BY issued.invoice
 LIMIT 1
