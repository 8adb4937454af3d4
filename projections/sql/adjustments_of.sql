-- Adjustments are rare: the partial index on rare types finds them.
SELECT position
  FROM ledger.event
 WHERE type = 'billing.adjusted' AND type NOT LIKE 'mission.%%'
   AND stream = ANY (%(streams)s) AND position <= %(until)s
 ORDER BY position
