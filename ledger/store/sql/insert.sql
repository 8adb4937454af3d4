INSERT INTO ledger.event (position, stream, version, type, source, id, occurred, recorded, digest, state)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
