DELETE FROM anomaly
 USING json_populate_recordset(NULL::anomaly, %(rows)s::json) AS gone
 WHERE anomaly.mission = gone.mission
