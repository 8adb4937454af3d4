SELECT pg_relation_size('projection.billing_line') / current_setting('block_size')::bigint
