SELECT digest, lines, rejected_bytes, recorded, duplicates, refused, finished
  FROM ledger.import_run
 WHERE name = %(name)s
