DELETE FROM warning
 USING json_populate_recordset(NULL::warning, %(rows)s::json) AS gone
 WHERE warning.position = gone.position
