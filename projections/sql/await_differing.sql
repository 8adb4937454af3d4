-- In a fold, while the derived entries of a close stand beside the live ones: the missions whose amounts differ go on
-- waiting, for the next close to correct what this one froze.
INSERT INTO billing_pending (mission)
WITH derived AS (
    SELECT mission, pro, client, city, service, kind, role, minutes, gross, commission, vat, currency, rate
      FROM billing_entry
     WHERE position = %(position)s
), live AS (
    SELECT mission, pro, client, city, service, kind, role, minutes, gross, commission, vat, currency, rate
      FROM projection.billing_entry
     WHERE position = %(position)s
), differing AS (
    (TABLE derived EXCEPT ALL TABLE live) UNION ALL (TABLE live EXCEPT ALL TABLE derived)
)
SELECT DISTINCT mission FROM differing
    ON CONFLICT DO NOTHING
