SELECT stream, version, type, state, position
  FROM ledger.event
 WHERE position > %(after)s AND position <= %(until)s
   AND (%(topics)s::text[] IS NULL OR type = ANY (%(topics)s))
 ORDER BY position
 LIMIT %(limit)s
