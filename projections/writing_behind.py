"""Committing the batches of an import in a process of its own, so that ruling never waits for a turn.

A small import commits by itself and never waits for that process, and so does one whose process died: whether its last
commit came through is then seen under the log's lock. It lives as long as its last commit takes, even if the
import is killed: a rerun over the same input waits for that (`wait_for_stragglers`).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ledger.errors import Conflict, DatabaseUnusable, IntegrityBroken, LedgerError
from ledger.store import database as store
from ledger.store.copying import CopyBuffer
from ledger.store.database import Connection, Database, translated
from ledger.store.log import Cursor, lock, read_at
from projections.side_process import Ended, SideProcess, answer_all
from projections.statements import Writes, search_path, sql
from projections.writing import RuleAgain, Ruled, commit

Row = dict[str, Any]

BY_ITSELF = 4
"""So many large batches are committed before a process is started for the rest."""

_ERRORS: dict[str, type[LedgerError]] = {
    each.__name__: each for each in (LedgerError, Conflict, IntegrityBroken, DatabaseUnusable)
}


class Committing:
    """Commits the batches of one import, one after the other. `name` is that of its input, None for standard input."""

    def __init__(self, connection: Connection, database: Database, name: str | None) -> None:
        self.process: SideProcess | None = None
        self._connection = connection
        self._greeting = (database.url, str(database.folder) if database.folder else None, name)
        self._large = 0  # batches that a process of its own is worth
        self._alone = False  # whether there was one, and it died

    def commit(self, ruled: Ruled, run: Row | None) -> None:
        """Write a batch, and with it how far its input has come. Raises as `writing.commit` does.

        `RuleAgain` also when the process died before the batch was written.
        """
        if isinstance(ruled.rows, CopyBuffer) and not self._alone:
            self._large += 1
            if self._large > BY_ITSELF:
                self._beside(ruled, ruled.rows, run)
                return
        commit(self._connection, ruled, extra=partial(save_run, run=run))

    def _beside(self, ruled: Ruled, rows: CopyBuffer, run: Row | None) -> None:
        try:
            if self.process is None:
                self.process = SideProcess(__name__)
                _raise(self.process.ask(self._greeting))
            _raise(self.process.ask((ruled.tail, ruled.trusting, rows.parts(), ruled.writes.statements, run)))
        except Ended:
            self.close()
            self._alone = True
            if not self._written(ruled):
                raise RuleAgain from None

    def _written(self, ruled: Ruled) -> bool:
        """Whether the last commit of the process that died came through; the log's lock waits for its end."""
        assert ruled.first is not None
        source, event_id, position = ruled.first
        with translated(), self._connection.transaction(), self._connection.cursor() as cursor:
            lock(cursor)
            return any((row.source, row.id) == (source, event_id) for row in read_at(self._connection, [position]))

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.close()
            self.process = None


def wait_for_stragglers(connection: Connection, name: str) -> None:
    """Wait until the process of an earlier import of this input, which was killed, has ended its last commit."""
    with translated():
        connection.execute(sql("await_import"), {"name": name})


def save_run(cursor: Cursor, run: Row | None) -> None:
    """Write how far an input has come; of standard input (None) nothing is kept."""
    if run is not None:
        cursor.execute(sql("save_import_run"), run)


def _raise(answer: tuple[str, ...]) -> None:
    """What became of a request: nothing to say, to be ruled on again, or an error."""
    if not answer:
        return
    kind, *said = answer
    if kind == RuleAgain.__name__:
        raise RuleAgain
    raise _ERRORS[kind](*said)


class _Server:
    """The other side: a connection, and the batches that come."""

    def __init__(self) -> None:
        self.connection: Connection | None = None

    def answer(self, message: tuple[Any, ...]) -> tuple[str, ...]:
        """() when it is done, else the error's class, code and message."""
        try:
            if self.connection is None:
                self._connect(*message)
            else:
                _commit(self.connection, *message)
        except RuleAgain:
            return (RuleAgain.__name__,)
        except LedgerError as error:
            known = type(error).__name__ if type(error).__name__ in _ERRORS else LedgerError.__name__
            return known, error.code, error.message
        return ()

    def _connect(self, url: str, folder: str | None, name: str | None) -> None:
        database = Database(url=url, folder=Path(folder) if folder else None)
        self.connection = store.connect(database, autocommit=True)
        search_path(self.connection)
        if name is not None:
            with translated():
                self.connection.execute(sql("hold_import"), {"name": name})


def _commit(
    connection: Connection, tail: int, trusting: bool, rows: tuple[Any, ...], statements: list[Any], run: Row | None
) -> None:
    writes = Writes()
    writes.statements = statements
    ruled = Ruled(rows=CopyBuffer.of(*rows), writes=writes, tail=tail, trusting=trusting)
    commit(connection, ruled, extra=partial(save_run, run=run))


def serve() -> None:
    """The process."""
    answer_all(_Server().answer)
