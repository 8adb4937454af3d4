-- The last reinstatement of each person that was not voided: what was warned of before it no longer stands on a ladder.
SELECT shown.pro, max(back.position)
  FROM pro_standing AS shown
 CROSS JOIN LATERAL unnest(coalesce(shown.accounts, ARRAY[shown.pro])) AS of_person (account)
  JOIN ledger.event AS back
    ON back.stream = 'pro/' || of_person.account AND back.type = ANY (%(types)s) AND back.type NOT LIKE 'mission.%%'
 WHERE (%(pros)s::text[] IS NULL OR shown.pro = ANY (%(pros)s))
   AND NOT EXISTS (
           SELECT FROM ledger.event AS void
            WHERE void.stream = 'ledger/' || back.id
              AND void.type = 'ledger.event_voided' AND void.type NOT LIKE 'mission.%%'
              AND convert_from(void.state, 'UTF8')::json #>> '{data,source}' = back.source)
 GROUP BY shown.pro
