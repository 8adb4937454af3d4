-- Every account, or the named ones with those linked to them: the accounts of its person, and how many missions concern it.
SELECT pro_standing.pro, pro_standing.accounts, count(participation.mission)
  FROM pro_standing
  LEFT JOIN participation ON participation.pro = pro_standing.pro
 WHERE %(pros)s::text[] IS NULL OR pro_standing.pro = ANY (%(pros)s) OR pro_standing.accounts && %(pros)s::text[]
 GROUP BY pro_standing.pro, pro_standing.accounts
 ORDER BY pro_standing.pro
