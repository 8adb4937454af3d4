"""The figures that plain SQL can express: asked of PostgreSQL over the log, and of DuckDB over Parquet of its events.

Cancellation counts, the rating window of the last fifty, and the sums of the bills, as joins and window functions, for
a history in which events come in order, each mission has one pro and nothing is voided. The flights are such a one; the
ledger itself handles the rest. Every answer is compared with what the ledger's own projections say.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import psycopg

from ledger.store import embedded
from ledger.store.database import Database, connect
from tests.benchmarks.measuring import Measured, progress

SQL = Path(__file__).parent / "sql"
FIGURES = ("rates", "ratings", "bills")
NAMES = {"rates": "cancellation counts", "ratings": "last-50 rating windows", "bills": "billing sums"}

# What the ledger says. A rating window that holds nothing is in no answer of plain SQL.
OURS = {
    "rates": "SELECT pro, city, accepted, cancelled, no_shows FROM projection.city_standing WHERE accepted > 0",
    "ratings": "SELECT pro, city, rated, stars FROM projection.city_standing WHERE rated > 0",
    "bills": """SELECT currency, count(*), sum(gross), sum(commission), sum(vat) FROM projection.billing_line
                 GROUP BY currency""",
}
EXPORTED = "COPY ({told} SELECT * FROM told WHERE type LIKE 'mission.%') TO STDOUT (FORMAT csv, HEADER)"
TOLD = {"rates": "told_by_field", "ratings": "told_by_field", "bills": "told_as_records"}
"""How the documents are read for each figure: what was measured to be quicker."""

Ask = Callable[[str, str], list[Any]]
"""The rows of a figure, by its name and its query over `told`."""


class Figures(NamedTuple):
    """How long each figure took, in the order of `FIGURES`, and whether all agree with the ledger."""

    by_postgres: dict[str, Measured]
    by_duckdb: dict[str, Measured]


def figures(database: Path, folder: Path) -> Figures:
    """Ask both. Ends the benchmark where an answer differs from the ledger's. `folder` takes the Parquet file."""
    located = Database(url=embedded.start(database), folder=database)
    with connect(located, autocommit=True) as connection:
        events = _one(connection, "SELECT max(position) FROM ledger.event")
        ours = {name: _sorted(connection.execute(query.encode()).fetchall()) for name, query in OURS.items()}
        connection.execute("SET work_mem = '256MB'")
        parquet = _parquet(connection, folder)

        def of_postgres(name: str, query: str) -> list[Any]:
            return connection.execute((_text(TOLD[name]) + query.replace(" DIV ", " / ")).encode()).fetchall()

        def of_duckdb(name: str, query: str) -> list[Any]:
            with duckdb.connect() as fresh:  # opening the file is part of it
                source = f"WITH told AS (SELECT * FROM read_parquet('{parquet}'))\n"
                return fresh.execute(source + query.replace(" DIV ", " // ")).fetchall()

        return Figures(_timed("PostgreSQL", of_postgres, events, ours), _timed("DuckDB", of_duckdb, events, ours))


def _timed(who: str, ask: Ask, events: int, ours: dict[str, list[Any]]) -> dict[str, Measured]:
    taken = {}
    for name in FIGURES:
        progress(f"{who}: {NAMES[name]}")
        query = _text(name)
        began = time.perf_counter()
        answer = ask(name, query)
        taken[name] = Measured(events, time.perf_counter() - began)
        if _sorted(answer) != ours[name]:
            sys.exit(f"{who} and the ledger differ in {NAMES[name]}: the history is not one that plain SQL can express")
    return taken


def _text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


def _parquet(connection: psycopg.Connection[Any], folder: Path) -> Path:
    """The events as Parquet, made once and not timed: what an analytics export would hold."""
    progress("Parquet of the same events")
    text, parquet = folder / "events.csv", folder / "events.parquet"
    with (
        text.open("wb") as out,
        connection.cursor().copy(EXPORTED.format(told=_text("told_as_records")).encode()) as rows,
    ):
        for block in rows:
            out.write(block)
    with duckdb.connect() as writer:
        types = "{'amount': 'DECIMAL(18, 2)', 'stars': 'INTEGER', 'minutes': 'BIGINT', 'at': 'TIMESTAMPTZ',"
        types += "'starts_at': 'TIMESTAMPTZ', 'ended_at': 'TIMESTAMPTZ'}"
        writer.execute(f"COPY (FROM read_csv('{text}', types = {types})) TO '{parquet}' (FORMAT parquet)")
    text.unlink()
    return parquet


def _one(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(tuple(each if isinstance(each, str) else int(each) for each in row) for row in rows)
