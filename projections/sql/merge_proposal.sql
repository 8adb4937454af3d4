INSERT INTO proposal (position, event, pro, rule, kind)
SELECT position, event, pro, rule, kind
  FROM json_populate_recordset(NULL::proposal, %(rows)s::json)
ON CONFLICT (position) DO UPDATE
   SET event = excluded.event,
       pro = excluded.pro,
       rule = excluded.rule,
       kind = excluded.kind
