SELECT position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided
  FROM warning
 WHERE %(pros)s::text[] IS NULL OR pro = ANY (%(pros)s)
 ORDER BY position
