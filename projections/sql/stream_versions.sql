SELECT stream, max(version) FROM ledger.event WHERE stream = ANY (%(streams)s) AND position <= %(until)s GROUP BY stream
