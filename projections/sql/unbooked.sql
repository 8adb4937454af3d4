-- What the next closes would book, were everything due that is known now: by currency and the month of the line, empty
-- where a credit takes back what has none any more. It is what freeze_lines writes, as tests/billing holds, looking like
-- that only at the missions whose line changed since it was last frozen. Of months behind the last closed one (`after`)
-- all that have lines are told, also where nothing of them would be booked: they are closed in order.
WITH latest AS (
    SELECT DISTINCT ON (entry.mission) entry.*
      FROM billing_pending AS pending
      JOIN billing_entry AS entry ON entry.mission = pending.mission
     ORDER BY entry.mission, entry.position DESC, entry.number DESC
), frozen AS MATERIALIZED ( -- without those that a credit took back, and that nothing followed
    SELECT latest.*, line.period AS due_in,
           line.mission IS NULL
           OR (line.pro, line.client, line.city, line.service, line.kind, line.minutes, line.gross, line.commission,
               line.vat, line.currency, line.rate)
              IS DISTINCT FROM
              (latest.pro, latest.client, latest.city, latest.service, latest.kind, latest.minutes, latest.gross,
               latest.commission, latest.vat, latest.currency, latest.rate) AS outdated
      FROM latest
      LEFT JOIN billing_line AS line ON line.mission = latest.mission
     WHERE latest.role = 'line'
), entry AS (
    SELECT line.period AS due_in, line.currency, 'line' AS role, line.gross, line.commission, line.vat,
           coalesce(frozen.outdated, true) AS booked, frozen.mission IS NULL AND line.period <= %(after)s AS late,
           line.closes_at > %(now)s AS still_open
      FROM billing_pending AS pending
      JOIN billing_line AS line ON line.mission = pending.mission
      LEFT JOIN frozen ON frozen.mission = pending.mission
     UNION ALL
    SELECT due_in, currency, 'credit', -gross, -commission, -vat, true, false, false
      FROM frozen
     WHERE outdated
)
SELECT coalesce(due_in, ''), currency, count(*) FILTER (WHERE booked), count(*) FILTER (WHERE role = 'credit'),
       count(*) FILTER (WHERE late), count(*) FILTER (WHERE still_open), coalesce(sum(gross) FILTER (WHERE booked), 0),
       coalesce(sum(commission) FILTER (WHERE booked), 0), coalesce(sum(vat) FILTER (WHERE booked), 0)
  FROM entry
 GROUP BY 1, currency
HAVING bool_or(booked OR still_open OR due_in > %(after)s)
 ORDER BY 1, currency COLLATE "C"
