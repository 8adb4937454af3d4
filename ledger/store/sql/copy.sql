COPY ledger.event (position, stream, version, type, source, id, occurred, recorded, digest, state)
FROM STDIN (FORMAT binary)
