SELECT min(occurred), max(occurred) FROM ledger.event WHERE position > %(after)s AND position <= %(until)s
