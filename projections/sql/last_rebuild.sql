SELECT events, seconds FROM ledger.rebuild ORDER BY finished DESC LIMIT 1
