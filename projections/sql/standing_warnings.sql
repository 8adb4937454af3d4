-- Linked accounts show the warnings of each other.
SELECT shown.pro, event, ladder, rule, at, expires_at, position
  FROM pro_standing AS shown
  JOIN warning ON warning.pro = ANY (coalesce(shown.accounts, ARRAY[shown.pro]))
 WHERE NOT voided AND (%(pros)s::text[] IS NULL OR shown.pro = ANY (%(pros)s))
 ORDER BY position, shown.pro
