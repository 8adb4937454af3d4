-- What other people's work hangs on these tables and would stay with them when others take their place: views,
-- functions, triggers, policies, publications, foreign keys.
WITH wanted AS (
    SELECT c.oid, c.reltype
      FROM pg_class AS c
     WHERE c.relnamespace = to_regnamespace(%(schema)s) AND c.relkind = 'r' AND c.relname = ANY (%(tables)s)
)
SELECT DISTINCT CASE WHEN d.classid = 'pg_rewrite'::regclass
                     THEN pg_describe_object('pg_class'::regclass, (SELECT ev_class FROM pg_rewrite WHERE oid = d.objid), 0)
                     ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END AS what
  FROM pg_depend AS d
 WHERE ((d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM wanted))
        OR (d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT reltype FROM wanted)))
   AND (d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass, 'pg_publication_rel'::regclass)
        OR (d.classid = 'pg_trigger'::regclass AND NOT (SELECT tgisinternal FROM pg_trigger WHERE oid = d.objid))
        OR (d.classid = 'pg_constraint'::regclass AND (SELECT contype FROM pg_constraint WHERE oid = d.objid) = 'f'))
 ORDER BY what
