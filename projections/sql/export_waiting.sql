-- Missions that are frozen and whose line was written or removed since: the next close may correct them.
SELECT count(*)
  FROM billing_pending AS pending
 WHERE EXISTS (SELECT FROM billing_entry AS entry WHERE entry.mission = pending.mission)
