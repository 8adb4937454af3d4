-- Held by the process that commits for an import, until its last commit is done.
SELECT pg_advisory_unlock(1191787383, hashtext(%(name)s))
  FROM pg_advisory_lock(1191787383, hashtext(%(name)s)) AS held
