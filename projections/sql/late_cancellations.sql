SELECT pro, city, adverse_at
  FROM participation
 WHERE late = 1 AND (%(pros)s::text[] IS NULL OR pro = ANY (%(pros)s))
