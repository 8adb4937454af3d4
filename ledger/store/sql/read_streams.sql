-- Stream by stream: a log that grew since it was last analysed would be read whole for a hundred streams at once.
SELECT held.*
  FROM (SELECT DISTINCT unnest(%(streams)s::text[])) AS asked (stream)
 CROSS JOIN LATERAL (
           SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
             FROM ledger.event
            WHERE event.stream = asked.stream
              AND position > %(after)s AND position <= %(until)s
              AND (%(types)s::text[] IS NULL OR type = ANY (%(types)s))
           OFFSET 0
       ) AS held
 ORDER BY position
