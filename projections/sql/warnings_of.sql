SELECT position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided
  FROM warning
 WHERE %(pro)s::text IS NULL OR pro = %(pro)s
 ORDER BY position
