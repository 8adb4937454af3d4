SELECT pro, city, accepted, cancelled, no_shows, rated, stars, late_cancellations
  FROM city_standing
 WHERE %(pros)s::text[] IS NULL OR pro = ANY (%(pros)s)
 ORDER BY pro, city
