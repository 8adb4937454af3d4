-- One more copy of the first events and of what follows from them (tests/benchmarks/multiplied.py).

-- In a mission's documents its id stands in "subject" and in "id"; only an acceptance names a pro.
INSERT INTO ledger.event (position, stream, version, type, source, id, occurred, recorded, digest, state)
SELECT position + %(offset)s, stream || %(suffix)s, version, type, source, replace(id, mission, mission || %(suffix)s),
       occurred, recorded + %(later)s, sha256(renamed.state), renamed.state
  FROM ledger.event,
       LATERAL (SELECT substr(stream, length('mission/') + 1) AS mission) AS named,
       LATERAL (SELECT replace(convert_from(state, 'UTF8'), '"' || mission, '"' || mission || %(suffix)s) AS text) AS told,
       LATERAL (SELECT convert_to(CASE type
                                  WHEN 'mission.accepted'
                                  THEN regexp_replace(text, '"pro":"([^"]+)"', '"pro":"\1' || %(suffix)s || '"')
                                  ELSE text
                                  END, 'UTF8') AS state) AS renamed
 WHERE position <= %(size)s AND type LIKE 'mission.%%'
 ORDER BY position;

INSERT INTO projection.participation (pro, mission, city, accepted_at, accepted_position, adverse, adverse_at,
       adverse_position, confirmed_position, late, due_at, ended_at, stars, rated_position, client, series, requested_at,
       slot_at, slot_end, by_cancellation)
SELECT pro || %(suffix)s, mission || %(suffix)s, city, accepted_at, accepted_position + %(offset)s, adverse, adverse_at,
       CASE adverse_position WHEN 0 THEN 0 ELSE adverse_position + %(offset)s END,
       CASE confirmed_position WHEN 0 THEN 0 ELSE confirmed_position + %(offset)s END,
       late, due_at, ended_at, stars,
       CASE rated_position WHEN 0 THEN 0 ELSE rated_position + %(offset)s END,
       client, series, requested_at, slot_at, slot_end, by_cancellation
  FROM projection.participation
 WHERE accepted_position <= %(size)s;

INSERT INTO projection.pro_standing (pro, access, until, no_shows, latest_at, limits)
SELECT pro || %(suffix)s, access, until, no_shows, latest_at, limits
  FROM projection.pro_standing
 WHERE pro = ANY (%(pros)s);

INSERT INTO projection.city_standing (pro, city, accepted, cancelled, no_shows, rated, stars, late_cancellations)
SELECT pro || %(suffix)s, city, accepted, cancelled, no_shows, rated, stars, late_cancellations
  FROM projection.city_standing
 WHERE pro = ANY (%(pros)s);

INSERT INTO projection.warning (position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided)
SELECT position + %(offset)s, 'warned-' || position + %(offset)s, pro || %(suffix)s, ladder, rule, policy, at,
       expires_at, figures,
       (SELECT jsonb_agg(each::bigint + %(offset)s ORDER BY place)
          FROM jsonb_array_elements_text(evidence) WITH ORDINALITY AS element (each, place)),
       voided
  FROM projection.warning
 WHERE position <= %(size)s;

INSERT INTO projection.billing_line (mission, pro, client, city, service, kind, minutes, gross, commission, vat, currency,
       rate, policy, ended_at, closes_at, period)
SELECT mission || %(suffix)s, pro || %(suffix)s, client, city, service, kind, minutes, gross, commission, vat, currency,
       rate, policy, ended_at, closes_at, period
  FROM projection.billing_line
 WHERE pro = ANY (%(pros)s);

INSERT INTO projection.billing_pending (mission)
SELECT mission || %(suffix)s FROM projection.billing_line WHERE pro = ANY (%(pros)s);
