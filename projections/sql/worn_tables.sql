-- Tables of this session whose rows were replaced so often in this transaction that finding the last version takes long.
SELECT relname
  FROM pg_stat_xact_user_tables
 WHERE relid IN (SELECT oid FROM pg_class WHERE relnamespace = pg_my_temp_schema())
   AND n_tup_upd > greatest(%(least)s, %(each)s * (n_tup_ins - n_tup_del))
