"""The promises of the log: order, no gaps, nothing changed, nothing acknowledged lost."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from ledger.store import embedded
from ledger.store.database import Database, connect, resolve
from ledger.store.log import COPY_ROWS, EPOCH, LAST, LogRow, append, flush, lock, read
from ledger.store.recorder import LedgerRecorder
from ledger.store.schema import prepare
from ledger.store.statements import statement

OCCURRED = 1_772_442_000_123_457  # 2026-03-02T09:00:00.123457Z, in microseconds


def rows(count: int, *, after: int = 0, type: str = "mission.accepted") -> list[LogRow]:
    return [
        LogRow(n, f"mission-{n}", 1, type, "app/fr", f"e-{n}", OCCURRED + n, b"d" * 32, b"\x00\xff\t\n\\" * 3)
        for n in range(after + 1, after + count + 1)
    ]


def record(database: Database, added: Sequence[LogRow]) -> datetime:
    with connect(database) as connection:
        with connection.cursor() as cursor:
            tail = lock(cursor)
            append(cursor, added, tail.recorded, tail=tail.position)
        connection.commit()
        flush(connection)
    return tail.recorded


@pytest.mark.parametrize("count", [1, 2, COPY_ROWS + 1])
def test_what_was_appended_is_read_back_exactly(database: Database, count: int) -> None:
    recorded = record(database, rows(count))
    with connect(database) as connection:
        stored = list(read(connection))
        assert [(*row[:7], *row[8:]) for row in stored] == rows(count)
        assert {EPOCH + timedelta(microseconds=row.recorded) for row in stored} == {recorded}
        raw = connection.execute("SELECT occurred FROM ledger.event WHERE position = 1").fetchone()
        assert raw == (datetime(2026, 3, 2, 9, 0, 0, 123458, tzinfo=UTC),)


def test_streams_are_looked_up_by_their_name_in_a_log_that_was_never_analysed(database: Database) -> None:
    with connect(database) as connection:
        connection.execute("ALTER TABLE ledger.event SET (autovacuum_enabled = off)")
        connection.commit()
    record(database, rows(2_000))
    with connect(database, autocommit=True) as connection:
        bounds = {"streams": ["mission-7", "mission-8"], "after": 0, "until": LAST, "types": None}
        plan = connection.execute(b"EXPLAIN (FORMAT json) " + statement("read_streams"), bounds).fetchone()
        assert plan is not None
        assert {each.get("Index Name") for each in nodes(plan[0][0]["Plan"])} - {None} == {"event_stream_version_key"}
        assert [row.position for row in read(connection, streams=["mission-7", "mission-8"])] == [7, 8]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of a plan."""
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def test_reading_by_position_stream_and_type(database: Database) -> None:
    record(database, [*rows(12), *rows(3, after=12, type="pro.warned")])
    with connect(database, autocommit=True) as connection:

        def positions(**filters: object) -> list[int]:
            return [row.position for row in read(connection, batch=4, **filters)]  # type: ignore[arg-type]

        assert positions() == list(range(1, 16))
        assert positions(after=3, until=9) == [4, 5, 6, 7, 8, 9]
        assert positions(types=["pro.warned"]) == [13, 14, 15]
        assert positions(types=["pro.warned", "mission.accepted"], after=10) == [11, 12, 13, 14, 15]
        assert positions(types=[]) == []
        assert positions(streams=["mission-2", "mission-14", "mission-9"]) == [2, 9, 14]
        assert positions(streams=["mission-2", "mission-14"], types=["pro.warned"]) == [14]
        assert positions(streams=[f"mission-{n}" for n in range(1, 16)], after=1, until=14) == list(range(2, 15))


def test_a_rollback_leaves_no_gap(database: Database) -> None:
    record(database, rows(2))
    with connect(database) as connection:
        with connection.cursor() as cursor:
            tail = lock(cursor)
            append(cursor, rows(3, after=tail.position), tail.recorded)
        connection.rollback()
    record(database, rows(1, after=2))
    with connect(database) as connection:
        assert [row.position for row in read(connection)] == [1, 2, 3]


def test_a_gap_is_not_written(database: Database) -> None:
    with connect(database) as connection, connection.cursor() as cursor:
        tail = lock(cursor)
        with pytest.raises(AssertionError, match="gap"):
            append(cursor, rows(1, after=1), tail.recorded, tail=tail.position)


@pytest.mark.parametrize("again", ["position", "stream and version", "source and id"])
def test_what_is_taken_is_refused(database: Database, again: str) -> None:
    record(database, rows(1))
    new, known = rows(2)[1], rows(1)[0]
    taken = {
        "position": new._replace(position=1),
        "stream and version": new._replace(stream=known.stream),
        "source and id": new._replace(id=known.id),
    }
    with connect(database) as connection, connection.cursor() as cursor:
        tail = lock(cursor)
        with pytest.raises(IntegrityError):
            append(cursor, [taken[again]], tail.recorded)


def test_the_recording_clock_never_goes_back(database: Database) -> None:
    ahead = datetime(2999, 1, 1, tzinfo=UTC)
    with connect(database) as connection:
        with connection.cursor() as cursor:
            assert lock(cursor).position == 0
            append(cursor, rows(1), ahead)
        connection.commit()
        with connection.cursor() as cursor:
            tail = lock(cursor)
        assert (tail.position, tail.recorded) == (1, ahead)


def test_eight_writers_at_once_and_a_reader_that_never_skips(database: Database) -> None:
    writers, appends, each = 8, 40, 3
    done = Event()

    def write(writer: int) -> list[int]:
        positions: list[int] = []
        recorder = LedgerRecorder(database)
        for n in range(appends):
            events = [StoredEvent(f"s-{writer}-{n}", v, "t", b"{}") for v in range(each)]
            positions += recorder.insert_events(events)
        recorder.close()
        return positions

    def follow() -> list[int]:
        seen: list[int] = []
        with connect(database, autocommit=True) as connection:
            while True:
                last_round = done.is_set()
                seen += [row.position for row in read(connection, after=seen[-1] if seen else 0, batch=7)]
                if last_round:
                    return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(follow)
        written = [position for positions in pool.map(write, range(writers)) for position in positions]
        done.set()
    everything = list(range(1, writers * appends * each + 1))
    assert sorted(written) == everything
    assert reader.result() == everything
    with connect(database) as connection:
        recorded = [row.recorded for row in read(connection)]
    assert recorded == sorted(recorded)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.event SET type = 'x'",
        "DELETE FROM ledger.event",
        "TRUNCATE ledger.event",
        "DELETE FROM ledger.event WHERE false",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_nobody_changes_the_log(database: Database, change: str, role: str) -> None:
    record(database, rows(1))
    with connect(database, autocommit=True) as connection:
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (True,)
        connection.execute(f"SET session_replication_role = {role}".encode())
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            connection.execute(change.encode())
        assert len(list(read(connection))) == 1


def test_the_writer_role_records_and_reads_and_cannot_do_more(database: Database) -> None:
    with connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE mission_ledger_writer")
        with connection.transaction(), connection.cursor() as cursor:
            append(cursor, rows(20), lock(cursor).recorded)
        flush(connection)
        assert len(list(read(connection))) == 20
        connection.execute("INSERT INTO ledger.person_key VALUES ('p')")
        connection.execute("DELETE FROM ledger.person_key")
        connection.execute("SELECT version_num FROM ledger.schema_version")
        for change in ("UPDATE ledger.event SET id = 'x'", "DELETE FROM ledger.event", "TRUNCATE ledger.event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change.encode())


def test_flush_waits_for_the_disk_even_where_the_server_would_not(database: Database) -> None:
    with connect(database) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.commit()
        with connection.cursor() as cursor:
            append(cursor, rows(1), lock(cursor).recorded)
        connection.commit()
        written = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        connection.commit()
        assert written is not None
        flush(connection)
        flushed = connection.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", written).fetchone()
        assert flushed == (True,)
        assert not connection.autocommit


def test_what_was_acknowledged_survives_a_killed_server(folder: Path) -> None:
    database = resolve(str(folder))
    prepare(database)
    recorder = LedgerRecorder(database)
    for n in range(50):
        recorder.insert_events([StoredEvent("m", n, "t", b"{}")])
    postmaster = int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])
    os.killpg(postmaster, signal.SIGKILL)  # the server leads a process group of its own
    while embedded.running(folder):  # the signal takes its moment
        sleep(0.01)
    with connect(resolve(str(folder))) as connection:
        stored = list(read(connection))
    assert [row.version for row in stored] == list(range(50))
    assert stored[0].digest == hashlib.sha256(b"{}").digest()
    recorder.close()


def test_a_tail_is_read_after_the_wait_for_the_lock(database: Database) -> None:
    with connect(database) as first, connect(database) as second, ThreadPoolExecutor(1) as pool:
        with first.cursor() as cursor:
            tail = lock(cursor)
            waiting = pool.submit(lambda: lock(second.cursor()))
            sleep(0.2)
            assert not waiting.done()
            append(cursor, rows(2), tail.recorded)
        first.commit()
        found = waiting.result(10)
    assert found.position == 2
    assert found.recorded >= tail.recorded
