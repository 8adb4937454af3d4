DELETE FROM review
 USING json_populate_recordset(NULL::review, %(rows)s::json) AS gone
 WHERE review.pro = gone.pro
