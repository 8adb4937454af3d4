-- What completed missions bear, by mila@2018-06, each amount rounded half up once: (currency, lines, gross, commission,
-- VAT) in minor units. DIV stands for the division of whole numbers, which PostgreSQL and DuckDB write differently.
SELECT currency, count(*), sum(gross), sum(commission), sum((commission * 40 + 100) DIV 200)
  FROM (SELECT currency, gross, (gross * CASE service WHEN 'cleaning' THEN 36 ELSE 30 END + 100) DIV 200 AS commission
          FROM (SELECT request.currency, request.service,
                       CASE request.per
                       WHEN 'hour' THEN (CAST(request.amount * 100 AS bigint) * completed.minutes * 2 + 60) DIV 120
                       ELSE CAST(request.amount * 100 AS bigint)
                       END AS gross
                  FROM told AS completed
                  JOIN told AS request ON request.mission = completed.mission
                 WHERE completed.type = 'mission.completed' AND request.type = 'mission.requested') AS priced) AS billed
 GROUP BY currency
