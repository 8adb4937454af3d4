SELECT stream, version, type, state
  FROM ledger.event
 WHERE stream = %(stream)s
   AND version > %(gt)s AND version <= %(lte)s
 ORDER BY version DESC
 LIMIT %(limit)s
