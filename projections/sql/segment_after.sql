SELECT first, last, missions, earliest, latest, events, details
  FROM ledger.segment
 WHERE layout = %(layout)s AND first > %(after)s
 ORDER BY first
 LIMIT 1
