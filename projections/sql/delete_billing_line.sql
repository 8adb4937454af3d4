DELETE FROM billing_line
 USING json_populate_recordset(NULL::billing_line, %(rows)s::json) AS gone
 WHERE billing_line.mission = gone.mission
