-- In a fold: whether the derived entries of a close are those of the live table in all but the instant a bill closed at.
WITH derived AS (
    SELECT to_jsonb(entry) - 'closes_at' AS one FROM billing_entry AS entry WHERE entry.position = %(position)s
), live AS (
    SELECT to_jsonb(entry) - 'closes_at' AS one FROM projection.billing_entry AS entry WHERE entry.position = %(position)s
)
SELECT NOT EXISTS (TABLE derived EXCEPT TABLE live) AND NOT EXISTS (TABLE live EXCEPT TABLE derived)
