-- It has no parameters, so the percent sign is not doubled; doubled, it would not be the condition of the index.
SELECT position
  FROM ledger.event
 WHERE type = 'billing.period_closed' AND type NOT LIKE 'mission.%'
 ORDER BY position
