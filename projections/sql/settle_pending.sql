-- What a close has looked at waits no longer; lines that are not due yet do.
DELETE FROM billing_pending AS pending
 WHERE NOT EXISTS (SELECT
                     FROM billing_line AS line
                    WHERE line.mission = pending.mission
                      AND (line.period > %(period)s OR line.closes_at > %(at)s))
