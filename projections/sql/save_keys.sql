INSERT INTO ledger.person_key (person, key, created)
SELECT person, decode(key, 'hex'), clock_timestamp()
  FROM json_to_recordset(%(rows)s::json) AS fresh (person text, key text)
