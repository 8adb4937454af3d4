SELECT position FROM proposal WHERE %(pros)s::text[] IS NULL OR pro = ANY (%(pros)s) ORDER BY position
