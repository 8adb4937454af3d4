"""The log itself: taking its lock, appending to it, making the append durable, reading it.

An append is: `lock`, work out the rows, `append`, commit, `flush`, and only then tell anybody. The lock is held from
`lock` to the commit, so positions follow the order of commits without gaps; the wait for the disk comes after it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import psycopg
from psycopg.adapt import Buffer, Loader
from psycopg.pq import Format, TransactionStatus

from ledger.store.copying import CopyBuffer
from ledger.store.database import Connection, translated
from ledger.store.statements import statement

# Measured in µs, single inserts against COPY: 5 rows 180, 230; 20 rows 510, 440; 1,000 rows 15,900, 9,000.
COPY_ROWS = 10
LAST = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_2000_MICROSECONDS = 946_684_800_000_000  # PostgreSQL counts from 2000-01-01
_COLUMNS = ("int8", "text", "int4", "text", "text", "text", "timestamptz", "timestamptz", "bytea", "bytea")

Cursor = psycopg.Cursor[tuple[Any, ...]]


class LogRow(NamedTuple):
    """An event to append; `occurred` in microseconds since 1970 UTC."""

    position: int
    stream: str
    version: int
    type: str
    source: str
    id: str
    occurred: int
    digest: bytes
    state: bytes


class StoredRow(NamedTuple):
    """A row of ledger.event, its columns in order; `occurred` and `recorded` in microseconds since 1970 UTC."""

    position: int
    stream: str
    version: int
    type: str
    source: str
    id: str
    occurred: int
    recorded: int
    digest: bytes
    state: bytes


class Tail(NamedTuple):
    """The end of the log under the lock: the last position (0 when empty), and the instant to record at.

    `recorded` is now by the server's clock, but never earlier than the last row's.
    """

    position: int
    recorded: datetime


def lock(cursor: Cursor) -> Tail:
    """Waits for the log's lock, held to the end of this transaction, and returns the tail.

    The transaction will commit without waiting for the disk: call `flush` after the commit, before acknowledging.
    Needs a transaction at READ COMMITTED (`database.connect` gives one).
    """
    with translated():
        row = cursor.execute(statement("lock")).fetchone()
    assert row is not None
    assert cursor.connection.info.transaction_status == TransactionStatus.INTRANS, "the log's lock needs a transaction"
    return Tail(row[0], row[1])


def append_buffer(cursor: Cursor, rows: CopyBuffer, recorded: datetime, *, tail: int) -> None:
    """Adds many rows under the lock by one COPY, all recorded at `recorded`. Raises as `append` does."""
    assert rows.first == tail + 1, "a gap in the positions"
    instant = (recorded - EPOCH) // timedelta(microseconds=1)
    try:
        with translated(), cursor.copy(statement("copy_buffer")) as copy:
            copy.write(rows.bytes(instant))
    except psycopg.errors.UniqueViolation as error:
        raise _taken(error) from error


def append(cursor: Cursor, rows: Sequence[LogRow], recorded: datetime, *, tail: int | None = None) -> None:
    """Adds rows under the lock, all recorded at `recorded`. Positions continue one another, and `tail` when given.

    Raises eventsourcing's IntegrityError when a position, a stream's version or source and id is taken already, and
    DatabaseUnusable; the transaction must then be rolled back.
    """
    if not rows:
        return
    first = rows[0].position if tail is None else tail + 1
    assert all(row.position == position for position, row in enumerate(rows, first)), "a gap in the positions"
    values = ((*row[:6], EPOCH + timedelta(microseconds=row.occurred), recorded, row.digest, row.state) for row in rows)
    try:
        with translated():
            if len(rows) == 1:
                cursor.execute(statement("insert"), next(values))
                return
            if len(rows) <= COPY_ROWS:
                cursor.executemany(statement("insert"), values)
                return
            with cursor.copy(statement("copy")) as copy:
                copy.set_types(_COLUMNS)
                for value in values:
                    copy.write_row(value)
    except psycopg.errors.UniqueViolation as error:
        raise _taken(error) from error


def _taken(error: psycopg.errors.UniqueViolation) -> Exception:
    """The library's error for a key that is taken; whoever only reads the log does without importing the library."""
    from eventsourcing.persistence import IntegrityError  # noqa: PLC0415

    return IntegrityError(str(error).splitlines()[0])


def flush(connection: Connection) -> None:
    """Returns once everything committed before is on disk. Call it after the commit, outside a transaction."""
    assert connection.info.transaction_status == TransactionStatus.IDLE, "flush comes after the commit"
    before = connection.autocommit
    connection.autocommit = True  # one round trip instead of three
    try:
        with translated():
            connection.execute(statement("flush"))
    finally:
        connection.autocommit = before


class _Microseconds(Loader):
    """A timestamptz as microseconds since 1970: exact, and quicker than a datetime to compute with."""

    format = Format.BINARY
    _unpack = struct.Struct("!q").unpack

    def load(self, data: Buffer) -> int:
        return int(self._unpack(data)[0]) + _EPOCH_2000_MICROSECONDS


def read(
    connection: Connection,
    *,
    after: int = 0,
    until: int | None = None,
    streams: Sequence[str] | None = None,
    types: Sequence[str] | None = None,
    batch: int = 5000,
) -> Iterator[StoredRow]:
    """Rows with `after` < position ≤ `until` in order of position, `batch` of them in memory at a time.

    Of named streams all rows are in memory at once: name those of a pro, or of so many missions.

    Pages by position rather than a server-side cursor: no transaction stays open while the caller works, and
    as positions follow the order of commits no page can miss a row. Without `until` it also yields
    what is recorded meanwhile. Raises DatabaseUnusable.
    """
    bounds: dict[str, Any] = {"after": after, "until": LAST if until is None else until, "batch": batch}
    bounds["types"] = None if types is None else list(types)
    if streams is not None:
        # All at once: paging by position would search the index on streams again for every page.
        yield from _page(connection, "read_streams", {**bounds, "streams": list(streams)}) if streams else ()
        return
    query = "read"
    if types is not None:
        query = "read_types" if any(name.startswith("mission.") for name in types) else "read_rare_types"
    while True:
        page = _page(connection, query, bounds)
        yield from page
        if len(page) < batch:
            return
        bounds["after"] = page[-1].position


DocumentRow = tuple[int, str, str, int, str, int, bytes]
"""(position, type, stream, version, source, occurred, state): for who reads the whole log, but not all of each row."""


def read_documents(connection: Connection, *, after: int, until: int, batch: int = 5000) -> Iterator[list[DocumentRow]]:
    """Pages of rows with `after` < position ≤ `until`, in order of position. Raises DatabaseUnusable."""
    while True:
        with translated(), connection.cursor(binary=True) as cursor:
            cursor.adapters.register_loader("timestamptz", _Microseconds)
            bounds = {"after": after, "until": until, "batch": batch}
            page: list[Any] = cursor.execute(statement("read_documents"), bounds).fetchall()
        if page:
            yield page
        if len(page) < batch:
            return
        after = page[-1][0]


def read_at(connection: Connection, positions: Sequence[int], *, batch: int = 5000) -> Iterator[StoredRow]:
    """The rows at these positions, in order of position. Raises DatabaseUnusable."""
    ordered = sorted(positions)
    for start in range(0, len(ordered), batch):
        yield from _page(connection, "read_positions", {"positions": ordered[start : start + batch]})


def _page(connection: Connection, query: str, bounds: dict[str, Any]) -> list[StoredRow]:
    with translated(), connection.cursor(binary=True) as cursor:
        cursor.adapters.register_loader("timestamptz", _Microseconds)
        return [StoredRow._make(row) for row in cursor.execute(statement(query), bounds)]
