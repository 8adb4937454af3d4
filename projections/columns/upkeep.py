"""When columns are made: by the first large replay, and now and then by whoever records single events.

Nothing here imports what makes them: most commands never do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ledger.errors import DatabaseUnusable
from ledger.store.database import Connection, translated
from projections.statements import sql

LAYOUT = 1
"""Raise it whenever the same events give other columns (`layout`): segments of another layout are not read."""

STRETCH = 65_536
"""Events of a full segment."""
LEAST = 4_096
"""Fewer than this are left to be read from the log."""
MANY = 100_000
"""Events without columns that are too many to be read from the log at every replay."""
EVERY = 1_024
"""How many events pass before a writer of single events looks whether there is enough to pack."""

Progress = Callable[[int, int], None]


def unseen(done: int, of: int) -> None:
    """Shows nothing."""


def packed_until(connection: Connection) -> int:
    """The last position up to which the log is packed without a gap; 0: nothing is."""
    with translated():
        row = connection.execute(sql("packed_until"), {"layout": LAYOUT}).fetchone()
    assert row is not None
    return int(row[0])


def behind(connection: Connection, until: int) -> int:
    """How many events up to a position are not packed yet, or nearly so: a cheap question."""
    with translated():
        row = connection.execute(sql("last_packed"), {"layout": LAYOUT}).fetchone()
    assert row is not None
    return until - int(row[0])


def pack(connection: Connection, until: int, progress: Progress = unseen) -> None:
    """Pack the log up to a position that is committed, where enough of it is not packed yet."""
    if behind(connection, until) >= LEAST:
        from projections.columns.packing import Packing  # noqa: PLC0415  it imports Arrow

        Packing(connection, progress).finish(until)


def pack_now_and_then(connection: Connection, before: int, after: int) -> None:
    """Pack after a commit that took the log from a position to another one, but look only once in a while."""
    if before // EVERY != after // EVERY:
        pack(connection, after)


def pack_many(connection: Connection, until: int, progress: Progress = unseen) -> None:
    """Pack a log that has no columns to speak of: one that was imported, or an older program's.

    Who may not write them reads the log instead.
    """
    if behind(connection, until) > MANY:
        with suppress(DatabaseUnusable):
            pack(connection, until, progress)
