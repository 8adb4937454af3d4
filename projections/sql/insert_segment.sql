-- Only right behind what is packed already: two who pack at once cut the log at different places.
INSERT INTO ledger.segment (first, last, layout, missions, earliest, latest, events, details)
SELECT %(first)s, %(last)s, %(layout)s, %(missions)s, %(earliest)s, %(latest)s, %(events)s, %(details)s
 WHERE %(first)s = (SELECT coalesce(max(last), 0) + 1 FROM ledger.segment)
