INSERT INTO checkpoint (name, version, position)
SELECT name, version, position
  FROM json_populate_recordset(NULL::checkpoint, %(rows)s::json)
ON CONFLICT (name) DO UPDATE
   SET version = excluded.version,
       position = excluded.position
