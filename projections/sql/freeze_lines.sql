-- What a close freezes, looking only at the missions whose line changed since it was last frozen. A line is due once its
-- period is over and its bill has closed. A due line that no frozen one stands for becomes an entry. Where the frozen
-- line differs from the due one, or its mission bears nothing any more, a credit takes the frozen line back.
INSERT INTO billing_entry (position, number, period, mission, pro, client, city, service, kind, role, corrects_position,
       corrects_number, minutes, gross, commission, vat, currency, rate, policy, ended_at, closes_at)
WITH latest AS (
    SELECT DISTINCT ON (entry.mission) entry.*
      FROM billing_pending AS pending
      JOIN billing_entry AS entry ON entry.mission = pending.mission
     ORDER BY entry.mission, entry.position DESC, entry.number DESC
), frozen AS MATERIALIZED ( -- without those that a credit took back, and that nothing followed
    SELECT latest.*,
           CASE WHEN line.mission IS NULL THEN true
                WHEN line.period > %(period)s OR line.closes_at > %(at)s THEN false
                ELSE (line.pro, line.client, line.city, line.service, line.kind, line.minutes, line.gross,
                      line.commission, line.vat, line.currency, line.rate)
                     IS DISTINCT FROM
                     (latest.pro, latest.client, latest.city, latest.service, latest.kind, latest.minutes, latest.gross,
                      latest.commission, latest.vat, latest.currency, latest.rate)
           END AS outdated
      FROM latest
      LEFT JOIN billing_line AS line ON line.mission = latest.mission
     WHERE latest.role = 'line'
), entry AS (
    SELECT line.mission, line.pro, line.client, line.city, line.service, line.kind, 'line' AS role,
           coalesce(frozen.position, 0) AS corrects_position, coalesce(frozen.number, 0) AS corrects_number,
           line.minutes, line.gross, line.commission, line.vat, line.currency, line.rate, line.policy, line.ended_at,
           line.closes_at
      FROM billing_pending AS pending
      JOIN billing_line AS line ON line.mission = pending.mission
      LEFT JOIN frozen ON frozen.mission = pending.mission
     WHERE line.period <= %(period)s AND line.closes_at <= %(at)s AND coalesce(frozen.outdated, true)
     UNION ALL
    SELECT mission, pro, client, city, service, kind, 'credit', position, number, -minutes, -gross, -commission, -vat,
           currency, rate, policy, ended_at, closes_at
      FROM frozen
     WHERE outdated
)
SELECT %(position)s, row_number() OVER (ORDER BY mission COLLATE "C", role COLLATE "C"), %(period)s, mission, pro, client,
       city, service, kind, role, corrects_position, corrects_number, minutes, gross, commission, vat, currency, rate,
       policy, ended_at, closes_at
  FROM entry
