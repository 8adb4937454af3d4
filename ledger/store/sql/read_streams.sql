-- Stream by stream: a log that grew since it was last analysed would be read whole for a hundred streams at once.
-- And never by position, which a log that was not analysed yet takes for just as good: + 0 keeps that index out.
SELECT held.*
  FROM (SELECT DISTINCT unnest(%(streams)s::text[])) AS asked (stream)
 CROSS JOIN LATERAL (
           SELECT position, stream, version, type, source, id, occurred, recorded, digest, state
             FROM ledger.event
            WHERE event.stream = asked.stream
              AND position + 0 > %(after)s AND position + 0 <= %(until)s
              AND (%(types)s::text[] IS NULL OR type = ANY (%(types)s))
           OFFSET 0
       ) AS held
 ORDER BY position
