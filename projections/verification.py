"""`verify`: everything that can be proven about a ledger, in one fold of its log.

The log: positions without gaps, each digest is that of what is stored, each column says what the document says. The
findings: what the engine wrote is what the rules derive from the facts, event by event. The projections: the tables
equal those of a fresh fold, row by row. It reads one snapshot, so it may run while others write.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.errors import LedgerError
from ledger.events.catalogue import stream_of, type_of
from ledger.instants import parse_us
from ledger.recording import Recording
from ledger.store.database import Connection, Database, connect, translated
from ledger.store.log import StoredRow, read
from projections import catalogue
from projections.archive import PostgresArchive
from projections.statements import Writes, sql
from projections.writing import search_path

BATCH = 10_000
FAR_FUTURE = 2**62
Difference = dict[str, Any]


class _Differs(Exception):
    """The first difference; `check` names the promise it breaks."""

    def __init__(self, check: str, **difference: Any) -> None:
        super().__init__(check)
        self.check = check
        self.difference = difference


def verify(database: Database, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """`{"ok", "position", "events", "seconds", "checks": [{"check", "ok", "detail"}], "first_difference"}`."""
    started = time.perf_counter()
    failed: _Differs | None = None
    with connect(database, autocommit=True) as connection, translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = connection.execute(sql("last_position")).fetchone()
        assert row is not None
        position = int(row[0])
        try:
            _fold(connection, position, progress)
            _compare(connection, position)
        except _Differs as differs:
            failed = differs
    checks, passed = [], True
    for name, text in (("log", _LOG), ("findings", _FINDINGS), ("projections", _PROJECTIONS)):
        passed = passed and (failed is None or failed.check != name)
        detail = text if passed else ("differs" if failed and failed.check == name else "not reached")
        checks.append({"check": name, "ok": passed, "detail": detail})
    return {
        "ok": failed is None,
        "position": position,
        "events": position,
        "seconds": round(time.perf_counter() - started, 3),
        "checks": checks,
        "first_difference": {"check": failed.check, **failed.difference} if failed else None,
    }


_LOG = "positions without gaps, every digest and column matches what is stored"
_FINDINGS = "the engine's events are exactly those the rules derive from the facts"
_PROJECTIONS = "every table equals a fresh fold of the log, row by row"


def _fold(connection: Connection, position: int, progress: Callable[[int, int], None]) -> None:
    """Fold the log afresh into temporary tables, checking every row on the way."""
    with connection.cursor() as cursor:
        for projection in catalogue.PROJECTIONS:
            for table in projection.tables:
                cursor.execute(f"CREATE TEMP TABLE {table} (LIKE projection.{table} INCLUDING ALL)".encode())
        cursor.execute(b"CREATE TEMP TABLE checkpoint (LIKE projection.checkpoint INCLUDING ALL)")
    search_path(connection, "pg_temp")
    archive = PostgresArchive(connection)
    book = Book(archive, chronicle=Chronicle())
    expected: list[Entry] = []
    recorded = 0
    rows = read(connection, until=position)
    while batch := list(islice(rows, BATCH)):
        archive.until = book.position
        entries = [_checked(row, number) for number, row in enumerate(batch, book.position + 1)]
        recorded = _check_clock(batch, recorded)
        book.recent = {(each.source, each.id): each for each in entries}  # where a void of this batch finds its target
        book.open_batch(
            dict.fromkeys(each.subject for each in entries if each.type.startswith("mission.")), _named(entries)
        )
        placed = [entry for each in entries for entry in _place(book, each, expected)]
        writes = Writes()
        catalogue.save(writes, book, catalogue.touch(placed), batch[-1].position)
        with connection.cursor() as cursor:
            writes.execute(cursor)
        book.position = batch[-1].position
        progress(batch[-1].position, position)
    if book.position != position:
        raise _Differs("log", position=book.position + 1, what="the log has a gap here")
    if expected:
        raise _Differs("findings", position=expected[0].position, what=f"{expected[0].type} is missing")


def _named(entries: list[Entry]) -> Iterator[str]:
    for each in entries:
        if each.type.startswith("pro."):
            yield each.subject
        elif each.type.startswith("mission.") and each.data.get("pro"):
            yield each.data["pro"]


def _checked(row: StoredRow, number: int) -> Entry:
    """The entry of a row whose position, digest and columns are what they must be."""
    if row.position != number:
        raise _Differs("log", position=number, what=f"position {number} is missing, {row.position} follows")
    if sha256(row.state).digest() != row.digest:
        raise _Differs("log", position=number, what="the stored event does not have its recorded digest")
    try:
        entry = entry_of_row(row)
        doc = entry.doc
        stream = stream_of(type_of(row.type)[0], doc["subject"])
        said = (doc["type"], doc["source"], doc["id"], stream, parse_us(doc["time"]))
    except (KeyError, ValueError, TypeError, LedgerError) as error:
        raise _Differs("log", position=number, what=f"the stored event cannot be read: {error}") from error
    if said != (type_of(row.type)[0], row.source, row.id, row.stream, row.occurred):
        raise _Differs("log", position=number, what="a column does not say what the stored event says")
    return entry


def _check_clock(rows: list[StoredRow], earliest: int) -> int:
    """Nothing is recorded earlier than what stands before it; when the last of these was recorded."""
    for row in rows:
        if row.recorded < earliest:
            raise _Differs("log", position=row.position, what="it is recorded earlier than the event before it")
        earliest = row.recorded
    return earliest


def _place(book: Book, entry: Entry, expected: list[Entry]) -> list[Entry]:
    """Derive what follows from an entry; an engine's entry must be the one derived before."""
    if expected:
        derived = expected.pop(0)
        if (derived.type, derived.subject, derived.id, derived.digest) != (
            entry.type,
            entry.subject,
            entry.id,
            entry.digest,
        ):
            what = f"recorded is {entry.type} of {entry.subject}, derived is {derived.type} of {derived.subject}"
            raise _Differs("findings", position=entry.position, what=what)
        _check_version(entry, derived.version)
        return []
    if entry.by_engine:
        what = f"{entry.type} of {entry.subject} is recorded, nothing is derived"
        raise _Differs("findings", position=entry.position, what=what)
    stored_version = entry.version
    try:
        placed = Recording(book, clock_us=FAR_FUTURE).place(entry)
    except LedgerError as error:
        raise _Differs("log", position=entry.position, what=f"would be refused: {error.message}") from error
    derived_version, entry.version = entry.version, stored_version
    _check_version(entry, derived_version)
    expected.extend(placed[1:])
    return placed


def _check_version(entry: Entry, derived: int) -> None:
    if entry.version != derived:
        raise _Differs("log", position=entry.position, what=f"version {entry.version} of {entry.stream}, not {derived}")


def _compare(connection: Connection, position: int) -> None:
    """The live tables against the fresh ones, both ways; name the first row that differs."""
    row = connection.execute("SELECT max(position) FROM projection.checkpoint").fetchone()
    if row is not None and row[0] is not None and row[0] > position:
        what = f"the log ends at #{position}, but its projections were written up to #{row[0]}: its end is missing"
        raise _Differs("log", position=position + 1, table="checkpoint", what=what)
    tables = [(projection.name, table) for projection in catalogue.PROJECTIONS for table in projection.tables]
    for name, table in [*tables, ("checkpoint", "checkpoint")]:
        fresh, live = f"pg_temp.{table}", f"projection.{table}"
        for here, there, what in (
            (live, fresh, "a live row is not in a fresh fold"),
            (fresh, live, "a row of a fresh fold is not in the live table"),
        ):
            query = f"SELECT row_to_json(t)::text FROM (TABLE {here} EXCEPT TABLE {there} LIMIT 1) AS t"
            row = connection.execute(query.encode()).fetchone()
            if row is not None:
                raise _Differs("projections", projection=name, table=table, what=what, row=row[0])
