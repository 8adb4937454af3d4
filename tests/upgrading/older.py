"""A ledger as an older program left it: the schema of that time, findings by other rules, figures counted otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.rulebook import RATING_MINIMUM, Rule
from ledger.rulebook.cancellations import CANCELLATION_RATE
from ledger.rules.figures import NOTHING, WARN
from ledger.store.database import Connection, Database, connect
from ledger.store.migration import upgrade
from projections.folding import TABLES
from projections.statements import LIVE
from tests.importing.histories import START, event
from tests.importing.ledgers import opened
from tests.verification.tampering import documents

SCHEMA = "0002"
OLDER_RULES: tuple[Rule, ...] = (
    # Warned at once and for ever, where today a minimum, a cooldown and an expiry stand before it; and nobody was
    # excluded for no-shows.
    replace(CANCELLATION_RATE, evaluate=lambda figures, ladder, policy, at: WARN if figures.cancelled else NOTHING),
    RATING_MINIMUM,
)
KEPT = ("ledger.event", "ledger.person_key")


def recorded_by_older_rules(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record a history, judged by the rules of the older program.

    At its end stands a decision that today is refused, as the pro never lost access.
    """
    settled = {"by": "A. Favre", "reason": "settled by telephone"}
    decision = event("pro.reinstated", "pro-settled", START + timedelta(days=60), settled, id="settled")
    with monkeypatch.context() as older, opened(database) as ledger:
        older.setattr("ledger.pros.decisions.check", lambda *arguments: None)
        older.setattr("ledger.recording.MISSION_RULES", OLDER_RULES)
        older.setattr("ledger.recording.PRO_RULES", ())
        outcomes = ledger.record([*documents(), decision], live=False)
        assert outcomes[-1].status == "recorded"


def copied_to_older_schema(source: Database, older: Database) -> Database:
    """Bring an empty database to the older schema and copy into it all that it has room for."""
    upgrade(older, SCHEMA)
    with connect(source, autocommit=True) as reader, connect(older, autocommit=True) as writer:
        for table in (*KEPT, *(f"projection.{each}" for each in TABLES)):
            columns = _columns(writer, table)
            if columns:  # the older program had this table
                _copy(reader, writer, table, columns)
        writer.execute("UPDATE projection.checkpoint SET version = 1")
        writer.execute("UPDATE projection.city_standing SET cancelled = cancelled + 1")  # counted in another way
    return older


def _copy(reader: Connection, writer: Connection, table: str, columns: Iterable[str]) -> None:
    listed = f"{table} ({', '.join(columns)})"
    with (
        reader.cursor().copy(f"COPY {listed} TO STDOUT (FORMAT binary)".encode()) as out,
        writer.cursor().copy(f"COPY {listed} FROM STDIN (FORMAT binary)".encode()) as into,
    ):
        for each in out:
            into.write(each)


def _columns(connection: Connection, table: str) -> list[str]:
    query = "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
    return [row[0] for row in connection.execute(query, (table,))]


def rows(database: Database | Path, schema: str = LIVE) -> dict[str, list[str]]:
    """Every row of every projection, as its tables in a schema have it."""
    with opened(database) as ledger:
        return {
            table: [
                row[0]
                for row in ledger.connection.execute(
                    f"SELECT row_to_json(t)::text FROM {schema}.{table} AS t ORDER BY 1".encode()
                )
            ]
            for table in TABLES
        }
