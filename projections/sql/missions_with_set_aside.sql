-- Of the missions that some pros accepted or were proposed: those of which an event may count for nothing. Either it is
-- of a type that never counts, or an outcome or a rating that no figure holds, or it was voided, or the pro ended a
-- series with it. Of all other missions everything counts that could: that is most of them, and they need not be read.
-- Voids are looked up by their streams or, where there are few, taken from the partial index on rare types.
WITH mission AS (
    SELECT 'mission/' || mission AS stream, array_agg(adverse_position) AS adverse, array_agg(rated_position) AS rated,
           bool_or(series <> '') AS series_ended, bool_or(adverse_position > 0) AS outcome
      FROM participation
     WHERE pro = ANY (%(pros)s)
     GROUP BY mission
), told AS (
    SELECT event.stream,
           event.type = ANY (%(ratings)s) AND NOT mission.outcome
           AND convert_from(event.state, 'UTF8')::json #>> '{data,by}' = 'pro'
           AND NOT EXISTS (SELECT
                             FROM ledger.event AS void
                            WHERE void.stream = 'ledger/' || event.id
                              AND void.type = 'ledger.event_voided' AND void.type NOT LIKE 'mission.%%') AS by_pro
      FROM mission
      JOIN ledger.event ON event.stream = mission.stream
     WHERE event.position <= %(until)s
       AND (event.type = ANY (%(never)s)
            OR (event.type = ANY (%(outcomes)s) AND (mission.series_ended OR NOT event.position = ANY (mission.adverse)))
            OR (event.type = ANY (%(ratings)s) AND NOT event.position = ANY (mission.rated))
            OR EXISTS (SELECT
                         FROM ledger.event AS void
                        WHERE void.stream = 'ledger/' || event.id
                          AND void.type = 'ledger.event_voided' AND void.type NOT LIKE 'mission.%%'))
)
SELECT substr(stream, length('mission/') + 1)
  FROM told
 GROUP BY stream
HAVING NOT bool_and(by_pro) OR count(*) > 1 -- the pro's rating of the client is held by no figure; one of it stands
