-- Missions of which something was declared wrong, or whose bill was adjusted after it had closed. Both are rare: the
-- partial index on rare types finds the adjustments.
SELECT substr(stream, length('mission/') + 1)
  FROM ledger.event
 WHERE position = ANY (%(voided)s) AND type LIKE 'mission.%%'
 UNION
SELECT substr(stream, length('billing/') + 1)
  FROM ledger.event
 WHERE type = 'billing.adjusted' AND type NOT LIKE 'mission.%%' AND position <= %(until)s
