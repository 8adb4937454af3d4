INSERT INTO ledger.import_run (name, digest, lines, rejected_bytes, recorded, duplicates, refused, finished, updated)
VALUES (%(name)s, %(digest)s, %(lines)s, %(rejected_bytes)s, %(recorded)s, %(duplicates)s, %(refused)s, %(finished)s,
        clock_timestamp())
ON CONFLICT (name) DO UPDATE
   SET digest = excluded.digest,
       lines = excluded.lines,
       rejected_bytes = excluded.rejected_bytes,
       recorded = excluded.recorded,
       duplicates = excluded.duplicates,
       refused = excluded.refused,
       finished = excluded.finished,
       updated = excluded.updated
