SELECT count(*) FROM ledger.event WHERE position <= %(until)s AND occurred <= %(as_of)s
