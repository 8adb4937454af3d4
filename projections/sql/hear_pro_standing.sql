-- Nothing but when these pros were last heard of changed.
UPDATE pro_standing
   SET latest_at = heard.latest_at
  FROM unnest(%(pro)s::text[], %(latest_at)s::bigint[]) AS heard (pro, latest_at)
 WHERE pro_standing.pro = heard.pro
