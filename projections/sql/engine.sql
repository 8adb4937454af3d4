SELECT revision, after_position FROM ledger.engine ORDER BY revision
