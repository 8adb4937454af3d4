"""How far the log goes: its last position, what was known by an instant, how many events that is."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from ledger.errors import Misused
from ledger.events.catalogue import ENGINE_SOURCE
from ledger.instants import from_us
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections.replay.assumptions import Bounds
from projections.statements import sql


class Known(NamedTuple):
    """How much was known: the last position recorded by then, and the instant itself.

    `through` is the last position of that commit: what the engine wrote because of an event was known with it.
    """

    position: int
    at: int
    through: int


def last_position(connection: Connection) -> int:
    """The last position of the log, 0 when it is empty."""
    with translated():
        row = connection.execute(sql("last_position")).fetchone()
    assert row is not None
    return int(row[0])


def known_by(connection: Connection, at: int) -> Known:
    """What was recorded by an instant."""
    # Nothing is recorded earlier than what stands before it, so the place is found by halving.
    positions = range(1, last_position(connection) + 1)
    position = bisect_right(positions, at, key=lambda each: _recorded(connection, each))
    return Known(position, at, position)


def known_at(connection: Connection, position: int) -> Known:
    """What was recorded up to a position of the log. Misused: `unknown_position`."""
    last = last_position(connection)
    if not 0 < position <= last:
        raise Misused("unknown_position", f"nothing is recorded at #{position}; the log ends at #{last}")
    through = position
    for row in read(connection, after=position, batch=10):
        if row.source != ENGINE_SOURCE:
            break
        through = row.position
    return Known(position, _recorded(connection, position), through)


def _recorded(connection: Connection, position: int) -> int:
    return next(iter(read_at(connection, [position]))).recorded


def count_events(connection: Connection, bounds: Bounds) -> int:
    """How many events of the log are within the bounds."""
    if bounds.as_of is None:
        return bounds.until  # positions have no gaps
    with translated():
        row = connection.execute(
            sql("events_within"), {"until": bounds.until, "as_of": from_us(bounds.as_of)}
        ).fetchone()
    assert row is not None
    return int(row[0])
