SELECT pg_advisory_lock(1191787382, hashtext(%(name)s))
