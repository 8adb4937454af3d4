DELETE FROM pro_standing
 USING json_populate_recordset(NULL::pro_standing, %(rows)s::json) AS gone
 WHERE pro_standing.pro = gone.pro
