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
), frozen AS ( -- a credit that nothing follows has left the mission without a frozen line
    SELECT * FROM latest WHERE role = 'line'
), looked_at AS (
    SELECT frozen.position AS frozen_position, frozen.number AS frozen_number, line.*
      FROM billing_pending AS pending
      JOIN billing_line AS line ON line.mission = pending.mission
      LEFT JOIN frozen ON frozen.mission = pending.mission
     WHERE line.period <= %(period)s AND line.closes_at <= %(at)s
       AND (line.pro, line.client, line.city, line.service, line.kind, line.minutes, line.gross, line.commission,
            line.vat, line.currency, line.rate)
           IS DISTINCT FROM
           (frozen.pro, frozen.client, frozen.city, frozen.service, frozen.kind, frozen.minutes, frozen.gross,
            frozen.commission, frozen.vat, frozen.currency, frozen.rate)
), entry AS (
    SELECT mission, pro, client, city, service, kind, 'line' AS role, coalesce(frozen_position, 0) AS corrects_position,
           coalesce(frozen_number, 0) AS corrects_number, minutes, gross, commission, vat, currency, rate, policy,
           ended_at, closes_at
      FROM looked_at
     UNION ALL
    SELECT mission, pro, client, city, service, kind, 'credit', position, number, -minutes, -gross, -commission, -vat,
           currency, rate, policy, ended_at, closes_at
      FROM frozen
     WHERE mission IN (SELECT mission FROM looked_at WHERE frozen_position IS NOT NULL)
        OR NOT EXISTS (SELECT FROM billing_line AS line WHERE line.mission = frozen.mission)
)
SELECT %(position)s, row_number() OVER (ORDER BY mission COLLATE "C", role COLLATE "C"), %(period)s, mission, pro, client,
       city, service, kind, role, corrects_position, corrects_number, minutes, gross, commission, vat, currency, rate,
       policy, ended_at, closes_at
  FROM entry
