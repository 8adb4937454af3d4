DELETE FROM damage
 USING json_populate_recordset(NULL::damage, %(rows)s::json) AS gone
 WHERE damage.mission = gone.mission
