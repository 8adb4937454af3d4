DELETE FROM city_standing
 USING json_populate_recordset(NULL::city_standing, %(rows)s::json) AS gone
 WHERE city_standing.pro = gone.pro AND city_standing.city = gone.city
