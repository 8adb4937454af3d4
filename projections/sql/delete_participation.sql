DELETE FROM participation
 USING json_populate_recordset(NULL::participation, %(rows)s::json) AS gone
 WHERE participation.pro = gone.pro AND participation.mission = gone.mission
