-- What had happened before a finding about a pro and was recorded only after it: the first few of each, those of the
-- missions that it rests on before others. Of the missions in one city where one is given.
SELECT found.number, late.position, late.own
  FROM json_to_recordset(%(findings)s::json) AS found (
           number integer, place bigint, pro text, city text, at timestamptz, missions text[])
 CROSS JOIN LATERAL (
           SELECT event.position, asked.own
             FROM (SELECT 'mission/' || participation.mission AS stream, participation.mission = ANY (found.missions) AS own
                     FROM participation
                    WHERE participation.pro = found.pro
                      AND (found.city IS NULL OR participation.city = found.city)
                    UNION ALL
                   SELECT 'pro/' || found.pro, true) AS asked
             JOIN ledger.event ON event.stream = asked.stream
            WHERE event.position + 0 > found.place AND event.position + 0 <= %(until)s
              AND event.occurred <= found.at AND event.source <> %(engine)s
              AND NOT event.type = ANY (%(uncounted)s)
            ORDER BY asked.own DESC, event.position
            LIMIT %(at_most)s
       ) AS late
 ORDER BY found.number, late.position
