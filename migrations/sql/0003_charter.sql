-- The rest of the charter. Projections are read models: what an older ledger holds in them is filled in afterwards from
-- its log.

-- Nothing is recorded while the log's end is written down below. Taken first, as every writer takes it first.
SELECT pg_advisory_xact_lock(119178738265698);

-- What decides how a mission counts for its pro: whose rating it is, the series it belonged to when it was called off,
-- and the slot that was asked for, which the pro may have declared itself unavailable in.
ALTER TABLE projection.participation
    ADD COLUMN client          text     NOT NULL DEFAULT '',
    ADD COLUMN series          text     NOT NULL DEFAULT '',
    ADD COLUMN requested_at    bigint   NOT NULL DEFAULT -1,
    ADD COLUMN slot_at         bigint   NOT NULL DEFAULT -1,
    ADD COLUMN slot_end        bigint   NOT NULL DEFAULT -1,
    ADD COLUMN by_cancellation smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN projection.participation.client IS 'Whose rating counts; empty without one.';
COMMENT ON COLUMN projection.participation.series IS 'The series that the pro ended with this cancellation; empty for any other.';
COMMENT ON COLUMN projection.participation.slot_at IS 'The slot asked for, kept where an adverse outcome counts; -1 elsewhere.';
DROP INDEX projection.participation_late;

ALTER TABLE projection.pro_standing
    ADD COLUMN accounts text[],
    ADD COLUMN limits   jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN projection.pro_standing.limits IS '[level, until] of each decision in force where there are several.';
COMMENT ON COLUMN projection.pro_standing.accounts IS 'All accounts of the person, this one included; NULL for a single account.';

ALTER TABLE projection.city_standing ADD COLUMN late_cancellations integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN projection.city_standing.late_cancellations IS 'Late cancellations in the policy''s window before the pro''s latest event.';

-- Which revision of the rules judged which part of the log (ledger/engine.py).
CREATE TABLE ledger.engine (
    revision       integer PRIMARY KEY CHECK (revision > 0),
    after_position bigint  NOT NULL CHECK (after_position >= 0)
);
COMMENT ON TABLE  ledger.engine IS 'Which revision of the rules found what: one row per revision, appended by migrations only.';
COMMENT ON COLUMN ledger.engine.after_position IS 'It judged the events after this position of the log.';
INSERT INTO ledger.engine (revision, after_position)
VALUES (1, 0), (2, (SELECT coalesce(max(position), 0) FROM ledger.event));

CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation',
              HINT = 'Correct a wrong event with a new one: mission-ledger void.';
END
$$;

CREATE TRIGGER engine_is_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.engine
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.engine ENABLE ALWAYS TRIGGER engine_is_append_only;

-- A program of the revision before that is still running must not go on recording by its own rules: it writes its
-- version of this projection in the commit of every event, and that commit fails. What stands there already is replaced
-- when the projections are filled.
ALTER TABLE projection.checkpoint
    ADD CONSTRAINT restart_what_runs_an_older_mission_ledger CHECK (name <> 'standing' OR version >= 2) NOT VALID;

CREATE TABLE projection.damage (
    mission         text    PRIMARY KEY,
    pro             text    NOT NULL,
    client          text    NOT NULL,
    city            text    NOT NULL,
    position        bigint  NOT NULL,
    declared_at     bigint  NOT NULL,
    ended_at        bigint  NOT NULL,
    ended           boolean NOT NULL,
    due_at          bigint  NOT NULL,
    late            boolean NOT NULL,
    policy          text    NOT NULL,
    required        text[]  NOT NULL,
    present         text[]  NOT NULL,
    missing         text[]  NOT NULL,
    client_informed boolean,
    estimate        bigint,
    currency        text,
    declarations    integer NOT NULL
);
CREATE INDEX damage_pro ON projection.damage (pro);
COMMENT ON TABLE projection.damage IS 'Damage files, one a mission. No rule reads them: a damage is no fault.';
COMMENT ON COLUMN projection.damage.position IS 'The first declaration, which makes the file.';
COMMENT ON COLUMN projection.damage.ended_at IS 'The session''s end; where ended is false, the end that was planned.';
COMMENT ON COLUMN projection.damage.due_at IS 'The last instant at which a declaration is in time.';
-- What a pro is entitled to: complaints, and the review of what rests on facts that no longer stand.
CREATE TABLE projection.complaint (
    position           bigint  PRIMARY KEY,
    event              text    NOT NULL,
    pro                text    NOT NULL,
    at                 bigint  NOT NULL,
    contested          text,
    contested_position bigint,
    contested_at       bigint,
    contested_kind     text,
    contested_voided   boolean,
    in_force_until     bigint,
    rule               text,
    deadline           bigint,
    late               boolean NOT NULL,
    decided            text,
    decided_position   bigint,
    decided_at         bigint,
    outcome            text,
    decided_by         text,
    reason             text
);
CREATE INDEX complaint_pro ON projection.complaint (pro, position);
COMMENT ON TABLE projection.complaint IS 'Every complaint: what it contests, whether it came in time, and what a person answered. Its text is not here.';
COMMENT ON COLUMN projection.complaint.contested_kind IS 'restriction, suspension, termination, exclusion, or warning.';
COMMENT ON COLUMN projection.complaint.in_force_until IS 'When the contested decision ends by itself, -1: it does not; NULL: it is not in force.';
COMMENT ON COLUMN projection.complaint.deadline IS 'The first instant at which it is late: the end of a day, UTC.';
COMMENT ON COLUMN projection.complaint.decided IS 'The event that decided it; NULL while it is open.';

CREATE TABLE projection.reconsidered (
    fact  bigint PRIMARY KEY,
    cause bigint NOT NULL
);
COMMENT ON TABLE projection.reconsidered IS 'Facts whose weight a later event changed – a void, a rejection, a late arrival – and the latest event that did.';

CREATE TABLE projection.review (
    finding bigint NOT NULL,
    fact    bigint NOT NULL,
    pro     text   NOT NULL,
    event   text   NOT NULL,
    kind    text   NOT NULL,
    rule    text,
    cause   bigint NOT NULL,
    ends_at bigint NOT NULL,
    PRIMARY KEY (finding, fact)
);
CREATE INDEX review_pro ON projection.review (pro);
COMMENT ON TABLE projection.review IS 'Decisions in force, open proposals and warnings that rest on a fact which no longer stands; they wait for a person.';
COMMENT ON COLUMN projection.review.finding IS 'The position of the decision, proposal or warning.';
COMMENT ON COLUMN projection.review.fact IS 'The position of the fact; for a defect of procedure that of the proposal, as is the cause.';
COMMENT ON COLUMN projection.review.cause IS 'The event that made the fact fall; 0: not known.';
COMMENT ON COLUMN projection.review.ends_at IS 'When the finding ends by itself; -1: it does not.';
-- How long each rebuild of the projections took.
CREATE TABLE ledger.rebuild (
    finished timestamptz PRIMARY KEY,
    position bigint  NOT NULL,
    events   bigint  NOT NULL,
    seconds  numeric NOT NULL
);
COMMENT ON TABLE  ledger.rebuild IS 'Every rebuild of the projections that took the place of the live ones.';
COMMENT ON COLUMN ledger.rebuild.position IS 'The end of the log then.';
COMMENT ON COLUMN ledger.rebuild.events IS 'How many events it folded: fewer where it went on with one that was cut off.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT SELECT ON ledger.engine TO mission_ledger_writer;
        GRANT SELECT ON ledger.rebuild TO mission_ledger_writer;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO mission_ledger_writer;
    END IF;
END
$$;
