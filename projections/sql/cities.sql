SELECT DISTINCT city FROM participation
