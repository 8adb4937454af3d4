SELECT position, event, pro, at, contested, contested_position, contested_at, contested_kind,
       contested_voided, in_force_until, rule, deadline, late, decided, decided_position, decided_at,
       outcome, decided_by, reason
  FROM complaint
 WHERE (%(pros)s::text[] IS NULL OR pro = ANY (%(pros)s))
   AND (%(since)s::bigint IS NULL OR (at >= %(since)s AND at < %(until)s))
   AND (NOT %(open)s OR decided_position IS NULL)
 ORDER BY at, position
