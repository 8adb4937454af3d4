INSERT INTO reconsidered (fact, cause)
SELECT fact, cause FROM json_populate_recordset(NULL::reconsidered, %(rows)s::json)
ON CONFLICT (fact) DO UPDATE SET cause = excluded.cause
