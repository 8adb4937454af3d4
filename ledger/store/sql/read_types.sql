SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
  FROM ledger.event
 WHERE position > %(after)s AND position <= %(until)s
   AND type = ANY (%(types)s)
 ORDER BY position
 LIMIT %(batch)s
