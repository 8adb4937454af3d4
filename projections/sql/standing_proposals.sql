-- Linked accounts show the proposals about each other.
SELECT shown.pro, event, rule, kind, position
  FROM pro_standing AS shown
  JOIN proposal ON proposal.pro = ANY (coalesce(shown.accounts, ARRAY[shown.pro]))
 WHERE %(pros)s::text[] IS NULL OR shown.pro = ANY (%(pros)s)
 ORDER BY position, shown.pro
