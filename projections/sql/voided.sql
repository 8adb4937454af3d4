-- What was declared wrong, with the void that says so. Voids are rare: the partial index on rare types finds them.
SELECT void.position, target.position, target.type, target.source, target.id
  FROM ledger.event AS void
  JOIN ledger.event AS target
    ON target.source = convert_from(void.state, 'UTF8')::json -> 'data' ->> 'source'
   AND target.id = substr(void.stream, length('ledger/') + 1)
 WHERE void.type = 'ledger.event_voided' AND void.type NOT LIKE 'mission.%%' AND void.position <= %(until)s
 ORDER BY void.position
