SELECT person, key FROM ledger.person_key WHERE person = ANY (%(persons)s)
