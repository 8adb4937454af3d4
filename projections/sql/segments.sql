SELECT first, last, missions, events, details
  FROM ledger.segment
 WHERE layout = %(layout)s AND first > %(after)s AND last <= %(until)s
 ORDER BY first
 LIMIT %(batch)s
