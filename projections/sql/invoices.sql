SELECT number, kind, credited, pro, period, currency, total, commission, vat, issued_at, position
  FROM invoice
 WHERE (%(pro)s::text IS NULL OR pro = %(pro)s)
   AND (%(period)s::text IS NULL OR period = %(period)s)
 ORDER BY position
