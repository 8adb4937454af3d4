-- The message is written to the write-ahead log, so this transaction's commit waits until the log is on disk, with
-- everything committed before it. A transaction that writes nothing would not wait. A server set to commit
-- asynchronously is overruled; one set to wait for its replicas keeps that.
SELECT set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), true),
       pg_logical_emit_message(true, 'mission-ledger', '');
