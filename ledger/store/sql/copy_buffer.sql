COPY ledger.event (position, version, recorded, stream, type, source, id, occurred, digest, state)
FROM STDIN (FORMAT binary)
