"""A fresh fold of the log into tables beside the live ones.

`verify` compares the live tables with it; `filling` and `rebuilding` put it in their place. They read the log
differently: verify proves every row on the way, the others take what is recorded as it is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn

from psycopg.errors import UniqueViolation

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.errors import IntegrityBroken, LedgerError
from ledger.events.catalogue import OF_MISSIONS, type_of
from ledger.recording import Recording
from ledger.store.database import Connection, translated
from ledger.store.log import StoredRow, read
from projections import catalogue
from projections.archive import PostgresArchive
from projections.collecting import collected_seldom
from projections.statements import Writes, search_path, sql

BATCH = 10_000
FAR_FUTURE = 2**62
REPLACED, REPLACED_EACH = 20_000, 4
"""So many rows, and so many times each row, are replaced in a table before it is written anew."""
FRESH = "pg_temp"
TABLES: tuple[str, ...] = (*(table for each in catalogue.PROJECTIONS for table in each.tables), "checkpoint")
"""Every table that a fold writes."""

Progress = Callable[[int, int], None]
"""Called with the position reached, and the last one."""


class AsRecorded:
    """How rows of the log become entries of the book: facts are placed, the engine's events are taken as they are."""

    def entries(self, rows: list[StoredRow], after: int) -> list[Entry]:
        """The entries of a batch of rows; `after` is the position before them."""
        return [entry_of_row(row) for row in rows]

    def place(self, book: Book, entry: Entry) -> list[Entry]:
        """Put an entry into the book; the entries that touched something. IntegrityBroken where it cannot stand."""
        try:
            return Recording(book, clock_us=FAR_FUTURE, judging=False).place(entry)
        except LedgerError as error:
            text = f"#{entry.position} is recorded and cannot be folded: {error.message}; run mission-ledger verify"
            raise IntegrityBroken("integrity_broken", text) from error

    def alone(self, connection: Connection, entry: Entry) -> None:
        """Write what follows from an event that rests on the projections; what was closed stays as it was closed.

        IntegrityBroken where neither this program nor the live tables have what the event says.
        """
        event = catalogue.ALONE[entry.type]
        what = event.derive(connection, entry)
        if what is not None and not event.keep(connection, entry):
            self.differs(entry, what)

    def differs(self, entry: Entry, what: str) -> NoReturn:
        """What an event says of the projections is not what follows from the log."""
        text = f"#{entry.position} {entry.type} {entry.subject}: {what}; run mission-ledger verify"
        raise IntegrityBroken("integrity_broken", text)


def fold(connection: Connection, position: int, how: AsRecorded, progress: Progress) -> int:
    """Fold the log up to a position into temporary tables of this connection; the last position there was.

    The connection must be in a transaction in which the log stands still; its search path is the temporary tables'
    afterwards.
    """
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE projection.{table} INCLUDING ALL)".encode())
    search_path(connection, FRESH)
    book = Book(PostgresArchive(connection), chronicle=Chronicle(), from_empty=True)

    def renewing(done: int, last: int) -> None:
        _renew_worn(connection)
        progress(done, last)

    fold_on(connection, book, position, how, renewing)
    return book.position


def _renew_worn(connection: Connection) -> None:
    """Write tables anew whose rows were often replaced.

    No version of a row that this transaction replaced goes away before its end, and whoever looks for the row passes
    them all: over a year's history most of a fold's time went there.
    """
    for (table,) in connection.execute(sql("worn_tables"), {"least": REPLACED, "each": REPLACED_EACH}).fetchall():
        connection.execute(f"CREATE TEMP TABLE renewed AS SELECT * FROM {table}".encode())
        connection.execute(f"TRUNCATE {table}".encode())
        connection.execute(f"INSERT INTO {table} SELECT * FROM renewed".encode())
        connection.execute(b"DROP TABLE renewed")


@collected_seldom()
def fold_on(connection: Connection, book: Book, position: int, how: AsRecorded, progress: Progress) -> None:
    """Fold what a book does not hold yet, up to a position, into the tables of the connection's search path.

    Outside a transaction each batch is a commit, with the position it leads to in `checkpoint`. Nothing else may write
    these tables. After an error the book is of no use; what was committed is.
    """
    archive = book.archive
    assert isinstance(archive, PostgresArchive)
    for batch in _batches(read(connection, after=book.position, until=position)):
        archive.until = book.position
        entries = how.entries(batch, book.position)
        book.recent = {(each.source, each.id): each for each in entries}  # where a void of this batch finds its target
        book.open_batch(
            dict.fromkeys(each.subject for each in entries if each.type.startswith(OF_MISSIONS)), _named(entries)
        )
        placed = [entry for each in entries for entry in how.place(book, each)]
        writes = Writes()
        catalogue.save(writes, book, catalogue.touch(placed), batch[-1].position)
        with translated(), connection.transaction(), connection.cursor() as cursor:
            try:
                writes.execute(cursor)
            except UniqueViolation as error:
                how.differs(placed[-1], f"something up to here is there twice: {error.diag.message_detail}")
            for entry in placed:
                if entry.type in catalogue.ALONE:
                    how.alone(connection, entry)
        book.position = batch[-1].position
        progress(batch[-1].position, position)


def _batches(rows: Iterator[StoredRow]) -> Iterator[list[StoredRow]]:
    """Batches of rows. An event that rests on the projections comes alone, when they hold all that stands before it."""
    batch: list[StoredRow] = []
    for row in rows:
        alone = type_of(row.type)[0] in catalogue.ALONE
        if batch and (alone or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(row)
        if alone:
            yield batch
            batch = []
    if batch:
        yield batch


def _named(entries: list[Entry]) -> Iterator[str]:
    for each in entries:
        if each.type.startswith("pro."):
            yield each.subject
        elif each.type.startswith("mission.") and each.data.get("pro"):
            yield each.data["pro"]
