INSERT INTO ledger.person_key (person, key, created, erased)
SELECT person, NULL, clock_timestamp(), clock_timestamp()
  FROM json_array_elements_text(%(persons)s::json) AS person
ON CONFLICT (person) DO UPDATE SET key = NULL, erased = clock_timestamp()
