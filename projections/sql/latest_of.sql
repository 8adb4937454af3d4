SELECT pro, latest_at FROM pro_standing WHERE pro = ANY (%(pros)s)
