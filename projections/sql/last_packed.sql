SELECT coalesce(max(last), 0) FROM ledger.segment WHERE layout = %(layout)s
