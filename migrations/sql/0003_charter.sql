-- The rest of the charter. Projections are read models: what an older ledger holds in them is filled in afterwards from
-- its log.

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

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO mission_ledger_writer;
    END IF;
END
$$;
