CREATE SCHEMA projection;
COMMENT ON SCHEMA projection IS 'What follows from the log: may be dropped and rebuilt at any time. Instants are microseconds since 1970 UTC, amounts are minor units.';

CREATE TABLE projection.participation (
    pro                text     NOT NULL,
    mission            text     NOT NULL,
    city               text     NOT NULL,
    accepted_at        bigint   NOT NULL,
    accepted_position  bigint   NOT NULL,
    adverse            smallint NOT NULL,
    adverse_at         bigint   NOT NULL,
    adverse_position   bigint   NOT NULL,
    confirmed_position bigint   NOT NULL,
    late               smallint NOT NULL,
    due_at             bigint   NOT NULL,
    ended_at           bigint   NOT NULL,
    stars              smallint NOT NULL,
    rated_position     bigint   NOT NULL,
    PRIMARY KEY (pro, mission)
) WITH (fillfactor = 85);
CREATE INDEX participation_late ON projection.participation (pro, city, adverse_at) WHERE late = 1;
COMMENT ON TABLE projection.participation IS 'What each mission adds to the figures of each pro it concerns. accepted_position 0: the pro was only proposed it.';
COMMENT ON COLUMN projection.participation.adverse IS '0 nothing, 1 a counted cancellation, 2 a counted no-show.';
COMMENT ON COLUMN projection.participation.ended_at IS '-1 unless the mission has a rating that counts.';

CREATE TABLE projection.pro_standing (
    pro       text     PRIMARY KEY,
    access    smallint NOT NULL,
    until     bigint   NOT NULL,
    no_shows  integer  NOT NULL,
    latest_at bigint   NOT NULL
) WITH (fillfactor = 70);
COMMENT ON COLUMN projection.pro_standing.access IS '0 active, 1 restricted, 2 suspended, 3 excluded.';
COMMENT ON COLUMN projection.pro_standing.until IS 'When a restriction ends by itself; -1: it does not.';

CREATE TABLE projection.city_standing (
    pro       text    NOT NULL,
    city      text    NOT NULL,
    accepted  integer NOT NULL,
    cancelled integer NOT NULL,
    no_shows  integer NOT NULL,
    rated     integer NOT NULL,
    stars     integer NOT NULL,
    PRIMARY KEY (pro, city)
) WITH (fillfactor = 70);

CREATE TABLE projection.proposal (
    position bigint PRIMARY KEY,
    event    text   NOT NULL,
    pro      text   NOT NULL,
    rule     text   NOT NULL,
    kind     text   NOT NULL
);
CREATE INDEX proposal_pro ON projection.proposal (pro);
COMMENT ON TABLE projection.proposal IS 'Proposals that wait for a person.';

CREATE TABLE projection.warning (
    position   bigint  PRIMARY KEY,
    event      text    NOT NULL,
    pro        text    NOT NULL,
    ladder     text    NOT NULL,
    rule       text    NOT NULL,
    policy     text    NOT NULL,
    at         bigint  NOT NULL,
    expires_at bigint  NOT NULL,
    figures    jsonb   NOT NULL,
    evidence   jsonb   NOT NULL,
    voided     boolean NOT NULL
);
COMMENT ON COLUMN projection.warning.expires_at IS 'When it stops counting; -1: never.';
CREATE INDEX warning_pro ON projection.warning (pro, position);

CREATE TABLE projection.anomaly (
    mission  text   NOT NULL,
    position bigint NOT NULL,
    pro      text   NOT NULL,
    code     text   NOT NULL,
    PRIMARY KEY (mission, position)
);
CREATE INDEX anomaly_pro ON projection.anomaly (pro);
COMMENT ON TABLE projection.anomaly IS 'Recorded events whose earlier step is missing, or that wait for a person.';

CREATE TABLE projection.billing_line (
    mission    text   PRIMARY KEY,
    pro        text   NOT NULL,
    client     text   NOT NULL,
    city       text   NOT NULL,
    service    text   NOT NULL,
    kind       text   NOT NULL,
    minutes    integer NOT NULL,
    gross      bigint NOT NULL,
    commission bigint NOT NULL,
    vat        bigint NOT NULL,
    currency   text   NOT NULL,
    rate       text   NOT NULL,
    policy     text   NOT NULL,
    ended_at   bigint NOT NULL,
    closes_at  bigint NOT NULL,
    period     text   NOT NULL
);
CREATE INDEX billing_line_pro ON projection.billing_line (pro);
CREATE INDEX billing_line_period ON projection.billing_line (period);

CREATE TABLE projection.checkpoint (
    name     text    PRIMARY KEY,
    version  integer NOT NULL,
    position bigint  NOT NULL
);
COMMENT ON TABLE projection.checkpoint IS 'Up to which position of the log each projection has read.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT USAGE ON SCHEMA projection TO mission_ledger_writer;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO mission_ledger_writer;
    END IF;
END
$$;
