SELECT mission FROM participation WHERE pro = %(pro)s ORDER BY mission
