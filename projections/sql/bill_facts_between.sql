-- What bills follow from, in a stretch of the log, one row a type: positions and instants as arrays in PostgreSQL's binary
-- form, and documents one a line where the type's data are read, else whose they are. Each in the same order.
SELECT type,
       array_send(array_agg(position)),
       array_send(array_agg(occurred)),
       string_agg(state, '\x0a'::bytea) FILTER (WHERE type = ANY (%(read)s)),
       string_agg(substr(stream, length('mission/') + 1), E'\n') FILTER (WHERE type <> ALL (%(read)s))
  FROM ledger.event
 WHERE position > %(after)s AND position <= %(until)s
   AND type LIKE 'mission.%%' AND type <> ALL (%(idle)s)
 GROUP BY type
