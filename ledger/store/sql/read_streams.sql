SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
  FROM ledger.event
 WHERE stream = ANY (%(streams)s)
   AND position > %(after)s AND position <= %(until)s
   AND (%(types)s::text[] IS NULL OR type = ANY (%(types)s))
 ORDER BY position
