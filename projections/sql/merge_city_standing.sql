INSERT INTO city_standing (pro, city, accepted, cancelled, no_shows, rated, stars, late_cancellations)
SELECT *
  FROM unnest(%(pro)s::text[], %(city)s::text[], %(accepted)s::integer[], %(cancelled)s::integer[],
              %(no_shows)s::integer[], %(rated)s::integer[], %(stars)s::integer[], %(late_cancellations)s::integer[])
ON CONFLICT (pro, city) DO UPDATE
   SET accepted = excluded.accepted,
       cancelled = excluded.cancelled,
       no_shows = excluded.no_shows,
       rated = excluded.rated,
       stars = excluded.stars,
       late_cancellations = excluded.late_cancellations
