SELECT pro, event, ladder, rule, at, expires_at, position
  FROM warning
 WHERE NOT voided AND (%(pros)s::text[] IS NULL OR pro = ANY (%(pros)s))
 ORDER BY position
