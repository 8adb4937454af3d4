-- Every city that a mission of some pros was ever requested in.
SELECT DISTINCT convert_from(request.state, 'UTF8')::json #>> '{data,city}'
  FROM (SELECT DISTINCT mission FROM participation WHERE pro = ANY (%(pros)s)) AS concerned
  JOIN ledger.event AS request ON request.stream = 'mission/' || concerned.mission
 WHERE request.type = ANY (%(requested)s)
