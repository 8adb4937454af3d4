-- Whether any mission was requested for a client. No index is by client, and the log is read until one is found: the
-- text is looked for first, which is quicker than to read each document.
SELECT EXISTS (
  SELECT FROM ledger.event
   WHERE type = 'mission.requested'
     AND position(convert_to('"client":"' || %(client)s::text || '"', 'UTF8') IN state) > 0
     AND convert_from(state, 'UTF8')::json #>> '{data,client}' = %(client)s::text
)
