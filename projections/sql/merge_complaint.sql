INSERT INTO complaint (position, event, pro, at, contested, contested_position, contested_at, contested_kind,
                       contested_voided, in_force_until, rule, deadline, late, decided, decided_position, decided_at,
                       outcome, decided_by, reason)
SELECT position, event, pro, at, contested, contested_position, contested_at, contested_kind,
       contested_voided, in_force_until, rule, deadline, late, decided, decided_position, decided_at,
       outcome, decided_by, reason
  FROM json_populate_recordset(NULL::complaint, %(rows)s::json)
