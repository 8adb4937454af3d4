UPDATE warning SET voided = (position = ANY (%(positions)s)) WHERE pro = %(pro)s
