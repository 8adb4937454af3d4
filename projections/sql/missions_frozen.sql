-- The missions of which a close froze an entry.
SELECT DISTINCT mission FROM billing_entry WHERE position = %(position)s
