-- What had happened no later than something recorded before it about the same pro: own events, and of its missions.
-- Of each pro everything is looked at once, however many findings are asked about.
SELECT told.pro, told.position, told.occurred, told.mission, told.city, told.type
  FROM (SELECT asked.pro, asked.mission, asked.city, event.position, event.occurred, event.type,
               max(event.occurred) OVER (
                   PARTITION BY asked.pro ORDER BY event.position
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
          FROM (SELECT participation.pro, participation.mission, participation.city,
                       'mission/' || participation.mission AS stream
                  FROM participation
                 WHERE participation.pro = ANY (%(pros)s)
                 UNION ALL
                SELECT of_pro.pro, '', '', 'pro/' || of_pro.pro
                  FROM unnest(%(pros)s::text[]) AS of_pro (pro)) AS asked
          JOIN ledger.event ON event.stream = asked.stream
         WHERE event.position <= %(until)s AND event.source <> %(engine)s AND NOT event.type = ANY (%(uncounted)s)) AS told
 WHERE told.occurred <= told.latest
 ORDER BY told.pro, told.position
