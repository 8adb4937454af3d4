SELECT position
  FROM ledger.event
 WHERE type = 'billing.period_closed' AND type NOT LIKE 'mission.%%'
 ORDER BY position
