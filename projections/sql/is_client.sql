-- A request that nobody took is in the log alone, whose documents are canonical: the field stands there just so.
SELECT EXISTS (SELECT FROM participation WHERE client = %(person)s)
    OR EXISTS (SELECT FROM ledger.event WHERE type = ANY (%(requested)s) AND position(%(said)s IN state) > 0)
