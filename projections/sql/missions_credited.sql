-- The missions of which a later close took back what was frozen.
SELECT DISTINCT mission FROM billing_entry WHERE position > %(position)s AND role = 'credit'
