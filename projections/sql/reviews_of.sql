SELECT finding, fact, pro, event, kind, rule, cause
  FROM review
 WHERE (%(pros)s::text[] IS NULL OR pro = ANY (%(pros)s)) AND (ends_at = -1 OR ends_at > %(now)s)
 ORDER BY finding, fact
