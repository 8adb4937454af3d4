INSERT INTO anomaly (mission, position, pro, code)
SELECT mission, position, pro, code
  FROM json_populate_recordset(NULL::anomaly, %(rows)s::json)
ON CONFLICT (mission, position) DO UPDATE
   SET pro = excluded.pro,
       code = excluded.code
