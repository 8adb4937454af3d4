SELECT series, running, number, kind, issued_at, position
  FROM invoice
 ORDER BY series COLLATE "C", running
