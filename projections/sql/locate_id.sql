SELECT position, type, stream, source FROM ledger.event WHERE id = %(id)s ORDER BY position
