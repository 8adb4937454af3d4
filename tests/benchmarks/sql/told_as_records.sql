-- The log's documents as rows, each read out whole: quicker where many of its fields are asked for.
WITH told AS NOT MATERIALIZED (
    SELECT event.type, substr(event.stream, length('mission/') + 1) COLLATE "C" AS mission, event.occurred AS at,
           data.pro, data.city, data.service, data.starts_at, data.duration_minutes AS minutes,
           (data.price ->> 'amount')::numeric AS amount, data.price ->> 'currency' AS currency,
           data.price ->> 'per' AS per, data.by AS actor, data.stars, coalesce(data.ended_at, event.occurred) AS ended_at
      FROM ledger.event,
           json_to_record(convert_from(event.state, 'UTF8')::json -> 'data')
           AS data (pro text, city text, service text, starts_at timestamptz, duration_minutes bigint, price json, by text,
                    stars integer, ended_at timestamptz)
)
