"""One event a commit, durable when it is acknowledged: by 1, 8 and 32 writers at once, each a process of its own.

Ours ruled on and projected (`LiveLedger.record`), ours only stored (the recorder behind the library's interfaces), the
library's own recorder, and a bare INSERT with its commit, all into the same server. What was acknowledged is counted in
the table afterwards.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder

from ledger.store import embedded
from ledger.store.database import Database, connect
from ledger.store.recorder import LedgerRecorder
from projections.live import LiveLedger, system_clock
from projections.statements import search_path
from tests.benchmarks.import_speed import datastore
from tests.benchmarks.measuring import Measured, own_schema, progress

WRITERS = (1, 8, 32)
SECONDS = 5.0
START_SECONDS = 120

Append = Callable[[int], None]
"""Append one event, the next of this writer, and return once it is durable."""


def document(writer: int, number: int) -> dict[str, Any]:
    """A request of an hour's cleaning for a mission of its own."""
    mission = f"m-{writer}-{number}-{time.time_ns()}"
    now = datetime.now(UTC).isoformat()
    return {
        "specversion": "1.0",
        "id": f"{mission}/requested",
        "source": "benchmark",
        "type": "mission.requested",
        "subject": mission,
        "time": now,
        "data": {
            "client": f"client-{writer}",
            "city": "lyon",
            "service": "cleaning",
            "starts_at": now,
            "timezone": "Europe/Paris",
            "duration_minutes": 60,
            "price": {"amount": "25.00", "currency": "EUR", "per": "hour"},
        },
    }


STATE = b'{"data":{"client":"client-1","city":"lyon","service":"cleaning","duration_minutes":60},"id":"m-1/requested",'
STATE = STATE.ljust(390, b" ")
"""As many bytes as a request's document has; who only stores does not look into it."""


def _ledger(database: Database, writer: int) -> Append:
    connection = connect(database, autocommit=True)
    search_path(connection)
    ledger = LiveLedger(database, connection, system_clock)

    def append(number: int) -> None:
        (outcome,) = ledger.record([document(writer, number)])
        assert outcome.status == "recorded", outcome.error

    return append


def _recorder(database: Database, writer: int) -> Append:
    recorder, name = LedgerRecorder(database), f"{writer}-{time.time_ns()}"
    return lambda number: _stored(recorder, f"mission/m-{name}-{number}")


def _library(database: Database, writer: int) -> Append:
    recorder, name = PostgresApplicationRecorder(datastore(database.url)), f"{writer}-{time.time_ns()}"
    return lambda number: _stored(recorder, f"mission/m-{name}-{number}")


def _stored(recorder: Any, stream: str) -> None:
    recorder.insert_events([StoredEvent(stream, 1, "mission.requested", STATE)])


def _bare(database: Database, writer: int) -> Append:
    connection = psycopg.connect(database.url, autocommit=True)
    statement = "INSERT INTO benchmark.bare (stream, version, topic, state) VALUES (%s, 1, 'mission.requested', %s)"

    def append(number: int) -> None:
        connection.execute(statement, (f"mission/m-{writer}-{number}-{time.time_ns()}", STATE))

    return append


WAYS: dict[str, tuple[Callable[[Database, int], Append], str]] = {
    "`LiveLedger.record`: ruled on, projected": (_ledger, "ledger.event"),
    "our recorder through the library's interface: stored": (_recorder, "ledger.event"),
    "eventsourcing's PostgresApplicationRecorder: stored": (_library, "benchmark.stored_events"),
    "a bare INSERT and its commit": (_bare, "benchmark.bare"),
}


def appended(database: Path) -> dict[str, list[Measured]]:
    """Each way, by each number of writers. The ledger is written to: give it one of its own."""
    located = Database(url=embedded.start(database), folder=database)
    taken: dict[str, list[Measured]] = {}
    with connect(located, autocommit=True) as connection, own_schema(connection):
        with datastore(located.url) as store:
            PostgresApplicationRecorder(store).create_table()
        connection.execute(
            "CREATE TABLE benchmark.bare (id bigserial PRIMARY KEY, stream text, version int, topic text, state bytea)"
        )
        for way, (_, table) in WAYS.items():
            taken[way] = []
            for writers in WRITERS:
                progress(f"{way}, {writers} at once")
                before = _count(connection, table)
                measured = _at_once(located, way, writers)
                if _count(connection, table) - before != measured.events + writers:  # each had one before the start
                    sys.exit(f"{way}: what was acknowledged is not what is there")
                taken[way].append(measured)
    return taken


def _at_once(database: Database, way: str, writers: int) -> Measured:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(writers), context.Queue()
    processes = [context.Process(target=_write, args=(database, way, each, start, results)) for each in range(writers)]
    for process in processes:
        process.start()
    told = [results.get(timeout=START_SECONDS + 10 * SECONDS) for _ in processes]
    for process in processes:
        process.join()
    if failed := [each for each in told if isinstance(each, str)]:
        sys.exit(f"{way}: {failed[0]}")
    return Measured(sum(count for count, _, _ in told), max(end for _, _, end in told) - min(at for _, at, _ in told))


def _write(database: Database, way: str, writer: int, start: Barrier, results: Any) -> None:
    try:
        results.put(_written(WAYS[way][0](database, writer), start))
    except Exception as error:  # told to whoever waits for this writer, and to the others that wait at the barrier
        start.abort()
        results.put(f"{type(error).__name__}: {error}")


def _written(append: Append, start: Barrier) -> tuple[int, float, float]:
    """How many events, and from when to when."""
    append(-1)  # connected, imported, planned: not what is measured
    start.wait(START_SECONDS)
    began = now = time.monotonic()
    count = 0
    while now - began < SECONDS:
        append(count)
        count, now = count + 1, time.monotonic()
    return count, began, now


def _count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])
