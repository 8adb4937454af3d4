SELECT DISTINCT mission FROM participation WHERE pro = ANY (%(pros)s) ORDER BY mission
