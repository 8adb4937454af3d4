-- The same as bill_facts_between, of some missions.
SELECT type,
       array_send(array_agg(position)),
       array_send(array_agg(occurred)),
       string_agg(state, '\x0a'::bytea) FILTER (WHERE type = ANY (%(read)s)),
       string_agg(substr(stream, length('mission/') + 1), E'\n') FILTER (WHERE type <> ALL (%(read)s))
  FROM ledger.event
 WHERE stream = ANY (%(streams)s) AND position <= %(until)s
   AND type LIKE 'mission.%%' AND type <> ALL (%(idle)s)
 GROUP BY type
