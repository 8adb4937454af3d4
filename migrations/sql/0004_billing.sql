-- Months that are closed: their lines, frozen. Read models like the others: what is written here follows from the log,
-- and the event that closed a month holds the sums and the digest of what it froze.

CREATE TABLE projection.billing_entry (
    position           bigint  NOT NULL,
    number             integer NOT NULL,
    period             text    NOT NULL,
    mission            text    NOT NULL,
    pro                text    NOT NULL,
    client             text    NOT NULL,
    city               text    NOT NULL,
    service            text    NOT NULL,
    kind               text    NOT NULL,
    role               text    NOT NULL CHECK (role IN ('line', 'credit')),
    corrects_position  bigint  NOT NULL,
    corrects_number    integer NOT NULL,
    minutes            integer NOT NULL,
    gross              bigint  NOT NULL,
    commission         bigint  NOT NULL,
    vat                bigint  NOT NULL,
    currency           text    NOT NULL,
    rate               text    NOT NULL,
    policy             text    NOT NULL,
    ended_at           bigint  NOT NULL,
    closes_at          bigint  NOT NULL,
    PRIMARY KEY (position, number)
);
CREATE INDEX billing_entry_mission ON projection.billing_entry (mission);
-- No index by pro: it takes longer to write than the whole rest of a close. A period is a range of the primary key.
COMMENT ON TABLE  projection.billing_entry IS 'Amounts as they were when their period was closed. Never changed: a later period corrects them.';
COMMENT ON COLUMN projection.billing_entry.position IS 'The event that froze it: billing.period_closed.';
COMMENT ON COLUMN projection.billing_entry.number IS 'Its place among the entries of that event: 1, 2, 3 …';
COMMENT ON COLUMN projection.billing_entry.period IS 'The period that was closed. A late line is in a later one than that of its session.';
COMMENT ON COLUMN projection.billing_entry.role IS 'line: what a mission bears. credit: the exact negation of a line frozen before, which it takes back.';
COMMENT ON COLUMN projection.billing_entry.corrects_position IS 'The line that it takes back or replaces, with corrects_number; 0: none.';

CREATE TABLE projection.billing_pending (
    mission text PRIMARY KEY
);
COMMENT ON TABLE projection.billing_pending IS 'Missions whose billing line was written or removed since it was last frozen: what the next close looks at.';

CREATE TABLE projection.invoice (
    position   bigint  PRIMARY KEY,
    number     text    NOT NULL UNIQUE,
    series     text    NOT NULL,
    running    integer NOT NULL,
    kind       text    NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    credited   text    NOT NULL,
    pro        text    NOT NULL,
    period     text    NOT NULL,
    currency   text    NOT NULL,
    gross      bigint  NOT NULL,
    commission bigint  NOT NULL,
    vat        bigint  NOT NULL,
    total      bigint  NOT NULL,
    issued_at  bigint  NOT NULL,
    digest     text    NOT NULL,
    UNIQUE (series, running)
);
CREATE INDEX invoice_pro ON projection.invoice (pro);
CREATE INDEX invoice_period ON projection.invoice (period, pro);
COMMENT ON TABLE  projection.invoice IS 'Issued documents, as their events say. Never changed: a credit note takes back.';
COMMENT ON COLUMN projection.invoice.running IS 'The running number in its series: the version of the event in its stream.';
COMMENT ON COLUMN projection.invoice.credited IS 'The invoice that a credit note takes back from; empty for an invoice.';
COMMENT ON COLUMN projection.invoice.total IS 'What the pro owes: commission and VAT; negative for a credit note.';

CREATE TABLE projection.invoice_entry (
    position bigint  NOT NULL,
    number   integer NOT NULL,
    invoice  bigint  NOT NULL,
    PRIMARY KEY (position, number)
);
CREATE INDEX invoice_entry_invoice ON projection.invoice_entry (invoice);
COMMENT ON TABLE  projection.invoice_entry IS 'Which billing entry is on which document: on one at most.';
COMMENT ON COLUMN projection.invoice_entry.invoice IS 'The position of the document''s event.';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mission_ledger_writer') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA projection TO mission_ledger_writer;
    END IF;
END
$$;
