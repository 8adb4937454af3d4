SELECT stream, position FROM ledger.event WHERE stream = ANY (%(streams)s) AND version = 1
