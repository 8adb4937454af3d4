SELECT position, type, stream, version, source, occurred, state
  FROM ledger.event
 WHERE position > %(after)s AND position <= %(until)s
 ORDER BY position
 LIMIT %(batch)s
