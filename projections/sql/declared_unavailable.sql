-- The persons who ever declared that they cannot work; of linked accounts the first.
SELECT DISTINCT coalesce(pro_standing.accounts[1], pro_standing.pro)
  FROM pro_standing
 WHERE pro_standing.pro IN (SELECT substr(event.stream, length('pro/') + 1)
                              FROM ledger.event
                             WHERE event.type = 'pro.unavailable')
