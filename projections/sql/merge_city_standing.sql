INSERT INTO city_standing (pro, city, accepted, cancelled, no_shows, rated, stars, late_cancellations)
SELECT pro, city, accepted, cancelled, no_shows, rated, stars, late_cancellations
  FROM json_populate_recordset(NULL::city_standing, %(rows)s::json)
ON CONFLICT (pro, city) DO UPDATE
   SET accepted = excluded.accepted,
       cancelled = excluded.cancelled,
       no_shows = excluded.no_shows,
       rated = excluded.rated,
       stars = excluded.stars,
       late_cancellations = excluded.late_cancellations
