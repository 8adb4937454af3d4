INSERT INTO warning (position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided)
SELECT position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided
  FROM json_populate_recordset(NULL::warning, %(rows)s::json)
ON CONFLICT (position) DO UPDATE
   SET event = excluded.event,
       pro = excluded.pro,
       ladder = excluded.ladder,
       rule = excluded.rule,
       policy = excluded.policy,
       at = excluded.at,
       expires_at = excluded.expires_at,
       figures = excluded.figures,
       evidence = excluded.evidence,
       voided = excluded.voided
