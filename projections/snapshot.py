"""One state of the ledger for everything that a question reads, however long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import TransactionStatus

from ledger.store.database import Connection, translated
from projections.statements import LIVE, sql


@contextmanager
def snapshot(connection: Connection, *, writable: bool = False) -> Iterator[None]:
    """One state of the log and of the projections for everything that is read inside; `writable`: to make tables in.

    Inside another one it is that one's state.
    """
    if connection.info.transaction_status == TransactionStatus.INTRANS:
        yield
        return
    with translated(), connection.transaction():
        # A rebuild puts other tables in the place of the live ones, and their rows are younger than the snapshot. It
        # waits for whoever holds this; taken first, as the first question takes the snapshot.
        connection.execute(
            f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ{'' if writable else ', READ ONLY'};"
            f"LOCK TABLE {LIVE}.checkpoint IN ACCESS SHARE MODE".encode()
        )
        yield


def exported(connection: Connection) -> str:
    """The name of the state that this connection reads, for others to join while it stays in its transaction."""
    with translated():
        row = connection.execute(sql("export_snapshot")).fetchone()
    assert row is not None
    return str(row[0])


def joining(name: str) -> tuple[str, str]:
    """The first statements of a transaction that is to read an exported state."""
    return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", f"SET TRANSACTION SNAPSHOT '{name}'"
