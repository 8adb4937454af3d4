SELECT position, pro, code
  FROM anomaly
 WHERE code IN ('no_show_disputed', 'no_show_awaits_confirmation')
   AND (%(pros)s::text[] IS NULL OR pro = ANY (%(pros)s))
 ORDER BY position
