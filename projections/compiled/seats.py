"""A pro's figures in one city as machine code keeps them: what `ledger/pros/figures.CityFigures` is in plain Python.

A seat is a pro in a city. The missions of the pro being judged lie in `Room`, arrays that every pro uses in turn: each
seat has a span of them, long enough for all its missions. Acceptances are in order of acceptance, the same missions in
the order in which they are due, the rated ones in order of completion.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.missions.mission import NOTHING_ADVERSE, PRO_NO_SHOW
from projections.compiled.compiling import compiled
from projections.compiled.records import CONTRIBUTION, MOVE
from projections.compiled.spans import open_up, place, take
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any

SEAT = np.dtype(
    [
        ("city", "i8"),
        ("start", "i8"),  # of its span
        ("accepted", "i8"),
        ("cancelled", "i8"),
        ("no_shows", "i8"),
        ("rated", "i8"),
        ("adverse", "i8"),
    ],
    align=True,
)


ENTRY = np.dtype([("seat", "i4"), ("client", "i4"), ("there", "i4")], align=True)
ACCEPTED = np.dtype([("at", "i8"), ("position", "i8")], align=True)
DUE = np.dtype([("at", "i8"), ("position", "i8"), ("accepted_at", "i8")], align=True)
RATED = np.dtype([("at", "i8"), ("total", "i4"), ("client", "i4"), ("position", "i4"), ("stars", "i1")], align=True)
"""`total`: the stars of all rated missions of the seat up to this one, so that a window's sum is a difference."""


class Room(NamedTuple):
    """Where the missions of one pro lie while it is judged, by their ordinals.

    Few arrays, as each is seven machine words wherever it is handed on.
    """

    moves: Numbers  # MOVE: those of the pro
    entries: Numbers  # ENTRY; `there`: whether the mission contributes anything
    now: Numbers  # CONTRIBUTION of each mission as it counts; behind the last one, room for the next
    seats: Numbers  # SEAT
    accepted: Numbers  # ACCEPTED, in order
    due: Numbers  # DUE, in order
    rated: Numbers  # RATED, in order
    adverse: Numbers  # the missions above the line
    ahead: Numbers  # room to work in
    chosen: Numbers
    ordered: int  # whether `accepted` and `due` are kept


def room(size: int, *, ordered: bool = True) -> Room:
    """Room for pros of so many missions. `ordered`: whether somebody will ask which of them were accepted when."""
    size = max(1, size)
    return Room(
        moves=np.empty(size, MOVE),
        entries=np.zeros(size, ENTRY),
        now=np.empty(size + 1, CONTRIBUTION),
        seats=np.empty(size, SEAT),
        accepted=np.empty(size, ACCEPTED),
        due=np.empty(size, DUE),
        rated=np.empty(size, RATED),
        adverse=np.empty(size, np.int64),
        ahead=np.empty(size, np.int64),
        chosen=np.empty(size, np.int64),
        ordered=int(ordered),
    )


@compiled
def add(r: Room, seat: Record, x: int) -> None:
    """A mission of the room counts in its seat from now on."""
    c = r.now[x]
    if r.ordered:
        into_order(r, seat, c)
    seat.accepted += 1
    if c.adverse != NOTHING_ADVERSE:
        count(r, seat, x, 1)
        r.adverse[seat.start + seat.adverse] = x
        seat.adverse += 1


@compiled
def reorder_due(r: Room, seat: Record, c: Record, due_at: int) -> None:
    """A mission is due at another instant from now on."""
    if r.ordered:
        position, end = wide(c.accepted_position), seat.start + seat.accepted
        take(r.due, place(r.due, seat.start, end, c.due_at, position), end)
        index = place(r.due, seat.start, end - 1, due_at, position)
        open_up(r.due, index, end - 1)
        r.due[index].at, r.due[index].position, r.due[index].accepted_at = due_at, position, c.accepted_at
    c.due_at = due_at


@compiled
def into_order(r: Room, seat: Record, c: Record) -> None:
    """Put what a mission contributes among the acceptances, and among those that are due."""
    at, position = c.accepted_at, wide(c.accepted_position)
    start, end = seat.start, seat.start + seat.accepted
    index = place(r.accepted, start, end, at, position)
    open_up(r.accepted, index, end)
    r.accepted[index].at, r.accepted[index].position = at, position
    index = place(r.due, start, end, c.due_at, position)
    open_up(r.due, index, end)
    r.due[index].at, r.due[index].position, r.due[index].accepted_at = c.due_at, position, at


@compiled
def remove(r: Room, seat: Record, x: int) -> None:
    """It no longer does."""
    c = r.now[x]
    start = seat.start
    if r.ordered:
        position, end = wide(c.accepted_position), start + seat.accepted
        take(r.accepted, place(r.accepted, start, end, c.accepted_at, position), end)
        take(r.due, place(r.due, start, end, c.due_at, position), end)
    seat.accepted -= 1
    if c.adverse != NOTHING_ADVERSE:
        for each in range(start, start + seat.adverse):
            if r.adverse[each] == x:
                take(r.adverse, each, start + seat.adverse)
                break
        seat.adverse -= 1
        count(r, seat, x, -1)


@compiled
def count(r: Room, seat: Record, x: int, sign: int) -> None:
    """Count a mission above the line, or no more; of a series that the pro ended only one counts."""
    c = r.now[x]
    if c.adverse == PRO_NO_SHOW:
        seat.no_shows += sign
    elif c.of_series < 0 or not another_of_series(r, seat, x, False):
        seat.cancelled += sign


@compiled
def another_of_series(r: Room, seat: Record, x: int, late: bool) -> bool:
    """Whether another mission of the series that this one ended is above the line (`late`: as a late one)."""
    series = r.now[x].of_series
    for each in range(seat.start, seat.start + seat.adverse):
        other = r.now[r.adverse[each]]
        if (
            r.adverse[each] != x
            and other.of_series == series
            and other.adverse != PRO_NO_SHOW
            and (other.late or not late)
        ):
            return True
    return False


@compiled
def totals(rated: Numbers, seat: Record, index: int) -> None:
    """Add up the stars anew from a place on."""
    total = rated[index - 1].total if index > seat.start else 0
    for each in range(index, seat.start + seat.rated):
        total += rated[each].stars
        rated[each].total = total
