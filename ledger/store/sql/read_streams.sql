SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
  FROM ledger.event
 WHERE stream = ANY (%(streams)s) AND position <= %(until)s
 ORDER BY position
