INSERT INTO damage (mission, pro, client, city, position, declared_at, ended_at, ended, due_at, late, policy, required, present, missing, client_informed, estimate, currency, declarations)
SELECT mission, pro, client, city, position, declared_at, ended_at, ended, due_at, late, policy, required, present, missing, client_informed, estimate, currency, declarations
  FROM json_populate_recordset(NULL::damage, %(rows)s::json)
ON CONFLICT (mission) DO UPDATE
   SET pro = excluded.pro,
       client = excluded.client,
       city = excluded.city,
       position = excluded.position,
       declared_at = excluded.declared_at,
       ended_at = excluded.ended_at,
       ended = excluded.ended,
       due_at = excluded.due_at,
       late = excluded.late,
       policy = excluded.policy,
       required = excluded.required,
       present = excluded.present,
       missing = excluded.missing,
       client_informed = excluded.client_informed,
       estimate = excluded.estimate,
       currency = excluded.currency,
       declarations = excluded.declarations
