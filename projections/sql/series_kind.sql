SELECT kind FROM invoice WHERE series = %(series)s LIMIT 1
