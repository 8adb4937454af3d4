-- An id may come from several sources, and the key is by source first. There are few sources: they are found one after
-- the other, so that no server walks the whole index (PostgreSQL 18 would skip by itself, 15 to 17 do not).
WITH RECURSIVE known AS (
    (SELECT source FROM ledger.event ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT event.source FROM ledger.event WHERE event.source > known.source ORDER BY event.source LIMIT 1)
      FROM known
     WHERE known.source IS NOT NULL
)
SELECT event.position, event.type, event.stream, event.source
  FROM known
  JOIN ledger.event ON event.source = known.source AND event.id = %(id)s
 ORDER BY event.position
