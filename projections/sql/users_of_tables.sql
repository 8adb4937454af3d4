-- The transactions that hold a table of a schema: (transaction, process). This one is left out, and so is who records:
-- that one holds the log's lock, and is through before a rebuild gets it.
SELECT virtualtransaction, pid
  FROM pg_locks AS held JOIN pg_class ON pg_class.oid = relation
 WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
   AND relnamespace = to_regnamespace(%(schema)s) AND relkind = 'r' AND pid <> pg_backend_pid() AND granted
   AND NOT EXISTS (SELECT FROM pg_locks AS log
                    WHERE log.pid = held.pid AND locktype = 'advisory'
                      AND (classid::bigint << 32) | objid::bigint = 119178738265698)
