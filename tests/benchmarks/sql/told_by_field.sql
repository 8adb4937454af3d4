-- The log's documents as rows, field by field: quicker where few are asked for. Joined once for each type of event, so
-- that only the rows of that type are read out.
WITH told AS NOT MATERIALIZED (
    SELECT type, mission, at, data ->> 'pro' AS pro, data ->> 'city' AS city, data ->> 'service' AS service,
           (data ->> 'starts_at')::timestamptz AS starts_at, (data ->> 'duration_minutes')::bigint AS minutes,
           (data #>> '{price,amount}')::numeric AS amount, data #>> '{price,currency}' AS currency,
           data #>> '{price,per}' AS per, data ->> 'by' AS actor, (data ->> 'stars')::integer AS stars,
           coalesce((data ->> 'ended_at')::timestamptz, at) AS ended_at
      FROM (SELECT type, substr(stream, length('mission/') + 1) COLLATE "C" AS mission, occurred AS at,
                   convert_from(state, 'UTF8')::json -> 'data' AS data
              FROM ledger.event) AS event
)
