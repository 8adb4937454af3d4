"""`rebuild`: every projection folded anew beside the live one, compared with it, and put in its place.

Others record and ask meanwhile. The log is folded up to its end without any lock, again and again until little is left;
then its lock is taken, the rest is folded, the tables are compared row by row and exchanged, all in one transaction.
Each batch before is a commit of its own, so a rebuild that was cut off goes on behind its last one, and no transaction
stays open for long.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from ledger.book import Book
from ledger.errors import Conflict, IntegrityBroken
from ledger.store.database import Connection, Database, connect, translated
from ledger.store.log import flush, lock
from projections import beside
from projections.archive import fresh_book
from projections.beside import BUILT, KEPT
from projections.catalogue import PROJECTIONS
from projections.claiming import claim
from projections.differences import CHECKPOINT, Difference, first_difference
from projections.folding import TABLES, AsRecorded, Progress, fold_on
from projections.statements import LIVE, search_path, sql
from projections.versions import live_versions

LITTLE = 200
"""Events that may be left for the time when nobody else can record."""

ROUNDS = 20
"""How often the end of the log is caught up with before it is made to stand still: it may be growing as fast."""

LINGERING_SECONDS = 0.5
PATIENCE_SECONDS = 900
"""How long to wait for transactions that hold the live tables; a `verify` may be one."""

Answer = dict[str, Any]


def rebuild(database: Database, *, progress: Progress) -> Answer:
    """The contract's `rebuild --json`, with `resumed_at` (0: from the start) and `first_difference`.

    `switched` is False when a projection differs from the live one that the same version wrote; then nothing changes.
    Raises Refused (`beside.check_exchangeable`), Conflict (`rebuild_running`, `concurrent_change`), IntegrityBroken for
    a log that cannot be folded, DatabaseUnusable (`projections_newer`).
    """
    started = time.perf_counter()
    with translated(database), connect(database, autocommit=True) as connection:
        _claim(connection, database)
        search_path(connection)
        beside.check_exchangeable(connection)
        live_versions(connection)
        connection.execute("SET synchronous_commit = off")  # until the last step, which waits for the disk
        connection.execute("SET work_mem = '64MB'")  # the comparison sorts whole tables
        beside.make(connection)
        rebuilding = _Rebuilding(connection, progress, started)
        try:
            answer = rebuilding.whole()
        except IntegrityBroken:
            beside.drop(connection, BUILT)
            raise
        if not answer["switched"]:
            beside.drop(connection, BUILT)  # what made the difference may be mended before the next one
        return answer


def drop_old(database: Database) -> list[str]:
    """Drop what rebuilds left: the tables from before, and those of one that was cut off. The names of the schemas."""
    with translated(database), connect(database, autocommit=True) as connection:
        _claim(connection, database)
        return [each for each in (KEPT, BUILT) if beside.drop(connection, each)]


def _claim(connection: Connection, database: Database) -> None:
    """One rebuild at a time, as long as this connection lives."""
    text = f"{database.label} is being rebuilt already; wait for that to end"
    claim(connection, "claim_rebuild", Conflict("rebuild_running", text))


class _Held(Exception):
    """Somebody holds a live table: the last step is undone, and tried again."""


class _Rebuilding:
    """One rebuild into the tables beside the live ones."""

    def __init__(self, connection: Connection, progress: Progress, started: float) -> None:
        self.connection = connection
        self.progress = progress
        self.started = started
        self.resumed_at = self._folded()

    def whole(self) -> Answer:
        """Build, wait until nobody holds the live tables, switch."""
        until = time.monotonic() + PATIENCE_SECONDS
        book = self._caught_up()
        for table in TABLES:  # or the first questions would be planned for empty tables
            self.connection.execute(f"ANALYZE {BUILT}.{table}".encode())
        while True:
            if not beside.lingering(self.connection, LINGERING_SECONDS):
                with suppress(_Held):
                    return self._switch(book)
            if time.monotonic() > until:
                raise self._out_of_patience()
            book = self._caught_up()

    def _out_of_patience(self) -> Conflict:
        pids = beside.lingering(self.connection, LINGERING_SECONDS)
        who = f"process {', '.join(map(str, pids))} of the server has" if pids else "others have"
        text = f"{who} been reading the projections all the time, so they could not be switched; run rebuild again"
        return Conflict("concurrent_change", f"{text}, it goes on where it was")

    def _folded(self) -> int:
        """The position that the built tables were folded up to."""
        search_path(self.connection, BUILT)
        return max((row[2] for row in self.connection.execute(sql("checkpoints"))), default=0)

    def _caught_up(self) -> Book:
        """A book at the end of the log, or nearly, and the built tables with it."""
        book = fresh_book(self.connection, self._folded())
        for _ in range(ROUNDS):
            row = self.connection.execute(sql("last_position")).fetchone()
            assert row is not None
            if row[0] - book.position <= LITTLE:
                break
            fold_on(self.connection, book, row[0], AsRecorded(), self.progress)
        return book

    def _switch(self, book: Book) -> Answer:
        """Fold the rest, compare, exchange the tables: in one transaction, in which nobody else can record."""
        with self.connection.transaction(), self.connection.cursor() as cursor:
            position = lock(cursor).position
            fold_on(self.connection, book, position, AsRecorded(), self.progress)
            if book.position != position:
                text = f"the log ends at #{position}, but was folded up to #{book.position}; run mission-ledger verify"
                raise IntegrityBroken("integrity_broken", text)
            search_path(self.connection, LIVE)
            projections, difference = self._compare(position)
            if difference is None and not beside.exchange(self.connection):
                raise _Held
            events = position - self.resumed_at
            seconds = round(time.perf_counter() - self.started, 3)
            if difference is None:
                cursor.execute(sql("save_rebuild"), {"position": position, "events": events, "seconds": seconds})
        flush(self.connection)
        return {
            "ok": difference is None,
            "position": position,
            "events": events,
            "resumed_at": self.resumed_at,
            "seconds": seconds,
            "events_per_second": round(events / seconds),
            "projections": projections,
            "switched": difference is None,
            "kept": KEPT if difference is None else None,
            "first_difference": difference,
        }

    def _compare(self, position: int) -> tuple[list[Answer], Difference | None]:
        """What is built of each projection, and the first difference from what the same version wrote live."""
        versions = live_versions(self.connection)
        first: Difference | None = None
        projections = []
        for each in PROJECTIONS:
            before = versions.get(each.name)
            compared = position == 0 or before == each.version
            found = self._difference(each.name, each.tables) if compared else None
            first = first or found
            projections.append(
                {
                    "name": each.name,
                    "version_live": before,
                    "version_built": each.version,
                    "rows": sum(self._count(table) for table in each.tables),
                    "compared": compared,
                    "same": found is None if compared else None,
                }
            )
        return projections, first

    def _difference(self, name: str, tables: tuple[str, ...]) -> Difference | None:
        """In the projection's tables, or in the position it is said to be at."""
        found = first_difference(self.connection, name, tables, BUILT)
        return found or first_difference(self.connection, name, CHECKPOINT[1], BUILT, where=f"name = '{name}'")

    def _count(self, table: str) -> int:
        row = self.connection.execute(f"SELECT count(*) FROM {BUILT}.{table}".encode()).fetchone()
        assert row is not None
        return int(row[0])
