DELETE FROM complaint
 USING json_populate_recordset(NULL::complaint, %(rows)s::json) AS gone
 WHERE complaint.pro = gone.pro
