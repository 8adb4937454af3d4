-- (step, name, statement, what the statement takes over unsaid) of all that makes, in schema `beside`, tables like those of schema `live`: with their names of indexes and
-- constraints, their words and privileges. LIKE alone would name indexes anew, which a later migration looks for by name.
WITH wanted AS (
    SELECT c.oid, c.reltype, c.relname, c.relacl, c.relowner, c.reloptions,
           format('%%I.%%I', %(live)s::text, c.relname) AS here, format('%%I.%%I', %(beside)s::text, c.relname) AS there
      FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace(%(live)s) AND c.relkind = 'r' AND c.relname = ANY (%(tables)s)
), described AS (
    SELECT oid,
           (SELECT string_agg(concat_ws(' ', to_jsonb(a) - 'attrelid' - 'attstattarget', pg_get_expr(adbin, adrelid),
                                        col_description(a.attrelid, attnum)), E'\n' ORDER BY attnum)
              FROM pg_attribute AS a LEFT JOIN pg_attrdef ON adrelid = a.attrelid AND adnum = attnum
             WHERE a.attrelid = wanted.oid AND attnum > 0) AS columns,
           (SELECT string_agg(conname || ' ' || pg_get_constraintdef(pg_constraint.oid), E'\n' ORDER BY conname)
              FROM pg_constraint WHERE conrelid = wanted.oid AND contype = 'c') AS checks
      FROM wanted
), privilege AS (
    SELECT there, '' AS columns, granted.grantee, granted.privilege_type, granted.is_grantable
      FROM wanted, aclexplode(relacl) AS granted
    UNION ALL
    SELECT there, format(' (%%I)', attname), granted.grantee, granted.privilege_type, granted.is_grantable
      FROM wanted JOIN pg_attribute ON attrelid = wanted.oid AND attnum > 0 AND NOT attisdropped,
           aclexplode(attacl) AS granted
)
SELECT 1 AS step, there AS name,
       format('CREATE TABLE %%s (LIKE %%s INCLUDING ALL EXCLUDING INDEXES)', there, here)
       || coalesce(' WITH (' || array_to_string(reloptions, ', ') || ')', '') AS statement,
       concat(columns, checks) AS taken_over
  FROM wanted JOIN described USING (oid)
UNION ALL
SELECT 2, conname,
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', there, conname, pg_get_constraintdef(pg_constraint.oid)), ''
  FROM wanted JOIN pg_constraint ON conrelid = wanted.oid AND contype IN ('p', 'u', 'x')
UNION ALL
SELECT 3, indexrelid::regclass::text,
       replace(pg_get_indexdef(indexrelid), format(' ON %%s USING ', here), format(' ON %%s USING ', there)), ''
  FROM wanted JOIN pg_index ON indrelid = wanted.oid
 WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
UNION ALL
SELECT 4, there, format('COMMENT ON TABLE %%s IS %%L', there, obj_description(oid, 'pg_class')), ''
  FROM wanted WHERE obj_description(oid, 'pg_class') IS NOT NULL
UNION ALL
SELECT 5, there, format('ALTER TABLE %%s OWNER TO %%s', there, relowner::regrole), ''
  FROM wanted WHERE relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
UNION ALL
SELECT 6, there,
       format('GRANT %%s%%s ON %%s TO %%s%%s', privilege_type, columns, there,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
              CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), ''
  FROM privilege
 ORDER BY 1, 2, 3
