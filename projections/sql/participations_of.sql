SELECT pro, ended_at, mission, stars, rated_position, city, accepted_at, accepted_position, adverse, adverse_at,
       adverse_position, confirmed_position, late, due_at
  FROM participation
 WHERE pro = ANY (%(pros)s) AND accepted_position > 0
