DELETE FROM billing_entry WHERE position = %(position)s
