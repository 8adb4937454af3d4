SELECT position, number, series, running, kind, credited, pro, period, currency, gross, commission, vat, total, issued_at,
       digest
  FROM invoice
