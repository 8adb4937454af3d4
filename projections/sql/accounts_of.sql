SELECT coalesce(accounts, ARRAY[pro]) FROM pro_standing WHERE pro = %(pro)s
