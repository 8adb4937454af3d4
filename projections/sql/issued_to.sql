SELECT position FROM invoice WHERE pro = %(pro)s ORDER BY position
