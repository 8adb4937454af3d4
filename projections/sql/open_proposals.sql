SELECT position FROM proposal WHERE %(pro)s::text IS NULL OR pro = %(pro)s ORDER BY position
