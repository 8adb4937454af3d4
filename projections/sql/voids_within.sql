-- Which events of some streams, or at some positions, were declared wrong, with the void that says so. From the events
-- to their voids: a void's stream is named after what it voids, and nobody else's voids are read.
SELECT void.position, target.position, target.type, target.source, target.id
  FROM ledger.event AS target
  JOIN ledger.event AS void
    ON void.stream = 'ledger/' || target.id
   AND void.type = 'ledger.event_voided' AND void.type NOT LIKE 'mission.%%'
   AND convert_from(void.state, 'UTF8')::json #>> '{data,source}' = target.source
 WHERE (target.stream = ANY (%(streams)s) OR target.position = ANY (%(positions)s)) AND void.position <= %(until)s
 ORDER BY void.position
