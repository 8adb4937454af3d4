SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
  FROM ledger.event
 WHERE position > %(after)s AND position <= %(until)s
   AND type = ANY (%(types)s)
   AND type NOT LIKE 'mission.%%' -- spelled out, or the partial index does not serve
 ORDER BY position
 LIMIT %(batch)s
