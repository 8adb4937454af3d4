SELECT pg_advisory_lock(1191787383, hashtext('rebuild'))
