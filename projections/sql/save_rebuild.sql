INSERT INTO ledger.rebuild (finished, position, events, seconds)
VALUES (clock_timestamp(), %(position)s, %(events)s, %(seconds)s)
