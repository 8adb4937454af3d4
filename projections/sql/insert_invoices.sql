-- Plain: a number or an entry that is there already must not be passed over in silence.
INSERT INTO invoice (position, number, series, running, kind, credited, pro, period, currency, gross, commission, vat, total,
       issued_at, digest)
SELECT position, number, series, running, kind, credited, pro, period, currency, gross, commission, vat, total, issued_at,
       digest
  FROM json_populate_recordset(NULL::invoice, %(rows)s::json)
