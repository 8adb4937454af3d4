SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
  FROM ledger.event
 WHERE position = ANY (%(positions)s)
 ORDER BY position
