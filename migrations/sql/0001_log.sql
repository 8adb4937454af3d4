COMMENT ON SCHEMA ledger IS 'What happened: the log of mission-ledger. Nothing in ledger.event is ever changed.';

CREATE TABLE ledger.event (
    position bigint PRIMARY KEY CHECK (position > 0),
    stream   text        NOT NULL,
    version  integer     NOT NULL,
    type     text        NOT NULL,
    source   text        NOT NULL,
    id       text        NOT NULL,
    occurred timestamptz NOT NULL,
    recorded timestamptz NOT NULL,
    digest   bytea       NOT NULL,
    state    bytea       NOT NULL,
    UNIQUE (stream, version),
    UNIQUE (source, id)
);

COMMENT ON TABLE  ledger.event IS 'The log: one row per event, appended only, in commit order.';
COMMENT ON COLUMN ledger.event.position IS 'Place in the log: 1, 2, 3 … without gaps, in commit order.';
COMMENT ON COLUMN ledger.event.stream   IS 'What the event is about: a mission, a pro, a city, a policy …';
COMMENT ON COLUMN ledger.event.version  IS 'Place in the stream.';
COMMENT ON COLUMN ledger.event.type     IS 'The event''s type, as in CloudEvents: mission.accepted …';
COMMENT ON COLUMN ledger.event.source   IS 'Who sent it; source and id together are the idempotency key.';
COMMENT ON COLUMN ledger.event.id       IS 'The sender''s name for it, unique for the source.';
COMMENT ON COLUMN ledger.event.occurred IS 'When it happened, UTC, microseconds.';
COMMENT ON COLUMN ledger.event.recorded IS 'When it was stored, UTC, microseconds; never earlier than the event before it.';
COMMENT ON COLUMN ledger.event.digest   IS 'SHA-256 that makes any change to the stored row visible.';
COMMENT ON COLUMN ledger.event.state    IS 'The event itself, as stored.';

-- Everything that is not about a mission is rare: policies, baselines, decisions, findings.
CREATE INDEX event_rare_type ON ledger.event (type, position) WHERE type NOT LIKE 'mission.%';

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION 'ledger.event is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Correct a wrong event with a new one: mission-ledger void.';
END
$$;

CREATE TRIGGER event_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- ALWAYS: also for a superuser who replays changes as a replica (session_replication_role).
ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER event_is_append_only;

-- Taken by every append until its commit: that is what makes the order of positions the order of commits. A function, so
-- that it is one round trip with its plans kept: half the time of the same statements sent as text. It must be VOLATILE:
-- each statement then sees what was committed before it began, so the tail is read as it is once the lock is held.
CREATE FUNCTION ledger.lock_log(OUT tail bigint, OUT instant timestamptz)
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    -- The commit does not wait for the disk while others wait for the lock; the recorder's flush does, after it.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_advisory_xact_lock(119178738265698);
    SELECT event.position, event.recorded INTO tail, instant FROM ledger.event ORDER BY event.position DESC LIMIT 1;
    tail := coalesce(tail, 0);
    instant := greatest(clock_timestamp(), instant);
END
$$;

COMMENT ON FUNCTION ledger.lock_log IS 'Waits for the log''s lock; the last position, and the instant to record at.';

CREATE TABLE ledger.person_key (
    person  text PRIMARY KEY,
    key     bytea,
    created timestamptz,
    erased  timestamptz
);

COMMENT ON TABLE  ledger.person_key IS 'The key under which a person''s data in the log is encrypted.';
COMMENT ON COLUMN ledger.person_key.key IS 'NULL once the person was erased: their data can no longer be read.';

CREATE TABLE ledger.import_run (
    name           text PRIMARY KEY,
    digest         bytea,
    lines          bigint,
    rejected_bytes bigint,
    recorded       bigint,
    duplicates     bigint,
    refused        bigint,
    finished       boolean,
    updated        timestamptz
);

COMMENT ON TABLE  ledger.import_run IS 'How far each imported file got, so that an import may be run again after a crash.';
COMMENT ON COLUMN ledger.import_run.lines IS 'Lines of the file already dealt with.';
COMMENT ON COLUMN ledger.import_run.rejected_bytes IS 'Length of the file of refused lines at that point.';

-- The role a program that records should have. Roles belong to the whole server: another database may have made it,
-- and whoever migrates may not be allowed to.
DO $$
BEGIN
    CREATE ROLE mission_ledger_writer NOLOGIN;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END
$$;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT USAGE ON SCHEMA ledger TO mission_ledger_writer;
        GRANT SELECT ON ledger.schema_version TO mission_ledger_writer;
        GRANT SELECT, INSERT ON ledger.event TO mission_ledger_writer;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.person_key, ledger.import_run TO mission_ledger_writer;
    END IF;
END
$$;
