DELETE FROM city_standing WHERE pro = ANY (%(pros)s)
