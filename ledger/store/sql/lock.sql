SELECT tail, instant FROM ledger.lock_log()
