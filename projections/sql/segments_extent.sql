-- How many missions begin in the segments up to a position, where these end, and what time they span.
SELECT coalesce(sum(missions), 0), coalesce(max(last), 0), min(earliest), max(latest)
  FROM ledger.segment
 WHERE layout = %(layout)s AND last <= %(until)s
