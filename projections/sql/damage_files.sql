-- The log names the declaration's event; the read model holds only where it stands.
SELECT damage.mission, damage.pro, damage.client, damage.city, damage.position, event.id, damage.declared_at,
       damage.ended_at, damage.ended, damage.due_at, damage.late, damage.policy, damage.required, damage.present,
       damage.missing, damage.client_informed, damage.estimate, damage.currency, damage.declarations
  FROM damage
  JOIN ledger.event ON event.position = damage.position
 WHERE (%(pros)s::text[] IS NULL OR damage.pro = ANY (%(pros)s))
   AND (%(mission)s::text IS NULL OR damage.mission = %(mission)s)
   AND (NOT %(incomplete)s OR damage.missing <> '{}')
 ORDER BY damage.declared_at, damage.mission
