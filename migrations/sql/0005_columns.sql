-- The log once more, as columns: what a replay of millions of events reads instead of their documents. It follows from
-- ledger.event, holds no text of a person, and may be deleted at any time: what is missing is read from the log.

CREATE TABLE ledger.segment (
    first    bigint  PRIMARY KEY CHECK (first > 0),
    last     bigint  NOT NULL CHECK (last >= first),
    layout   integer NOT NULL,
    missions integer NOT NULL,
    earliest bigint  NOT NULL,
    latest   bigint  NOT NULL,
    events   bytea   NOT NULL,
    details  bytea   NOT NULL
);
-- Packed already: PostgreSQL need not try to.
ALTER TABLE ledger.segment ALTER COLUMN events SET STORAGE EXTERNAL, ALTER COLUMN details SET STORAGE EXTERNAL;

COMMENT ON TABLE  ledger.segment IS 'Stretches of the log as columns (Arrow). Read model: it may be deleted and packed anew.';
COMMENT ON COLUMN ledger.segment.first    IS 'The first position it holds; every one up to last is there, and a segment begins where one ends.';
COMMENT ON COLUMN ledger.segment.layout   IS 'Which columns there are (projections/columns/layout.py); others than the program''s are read from the log.';
COMMENT ON COLUMN ledger.segment.missions IS 'How many missions begin in it.';
COMMENT ON COLUMN ledger.segment.earliest IS 'When the earliest of its events happened (microseconds since 1970 UTC), and in latest the latest.';
COMMENT ON COLUMN ledger.segment.events   IS 'One row per event.';
COMMENT ON COLUMN ledger.segment.details  IS 'One row for each event that bears an amount or a request.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT SELECT, INSERT, DELETE ON ledger.segment TO mission_ledger_writer;
    END IF;
END
$$;
