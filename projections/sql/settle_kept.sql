DELETE FROM billing_pending
 WHERE mission IN (SELECT mission FROM billing_entry WHERE position = %(position)s)
