-- In a fold: the missions whose entries of a close are kept as the live table has them wait no longer.
DELETE FROM billing_pending
 WHERE mission IN (SELECT mission FROM projection.billing_entry WHERE position = %(position)s)
