SELECT EXISTS (
  SELECT FROM ledger.event
   WHERE position > %(after)s AND position <= %(until)s
     AND type = ANY (%(types)s)
     AND type NOT LIKE 'mission.%%' -- spelled out, or the partial index does not serve
)
