SELECT currency, count(*), sum(gross), sum(commission), sum(vat)
  FROM billing_entry
 WHERE position = %(position)s
 GROUP BY currency
 ORDER BY currency COLLATE "C"
