SELECT position FROM invoice WHERE number = %(number)s
