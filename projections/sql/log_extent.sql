SELECT coalesce(max(position), 0), min(recorded), max(recorded), pg_total_relation_size('ledger.event')
  FROM (SELECT * FROM (SELECT position, recorded FROM ledger.event ORDER BY position LIMIT 1) AS first
        UNION ALL
        SELECT * FROM (SELECT position, recorded FROM ledger.event ORDER BY position DESC LIMIT 1) AS last) AS ends
