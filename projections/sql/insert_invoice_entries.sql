INSERT INTO invoice_entry (position, number, invoice)
SELECT position, number, invoice
  FROM json_populate_recordset(NULL::invoice_entry, %(rows)s::json)
