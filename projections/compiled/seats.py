"""A pro's figures in one city as machine code keeps them: what `ledger/pros/figures.CityFigures` is in plain Python.

A seat is a pro in a city. The missions of the pro being judged lie in `Room`, arrays that every pro uses in turn: each
seat has a span of them, long enough for all its missions. Acceptances are in order of acceptance, the same missions in
the order in which they are due, the rated ones in order of completion.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import DAY, NEVER, SECOND
from ledger.missions.mission import NOTHING_ADVERSE, PRO_NO_SHOW
from ledger.policies.parameters import WINDOW_ALL, WINDOW_DAYS
from ledger.rules.figures import LateFigures, NegativeFigures, RateFigures, RatingFigures
from projections.compiled.compiling import compiled
from projections.compiled.records import CONTRIBUTION, MOVE
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


# -- sorted spans -----------------------------------------------------------------------------------------------


@compiled
def place(ordered: Numbers, low: int, high: int, at: int, position: int) -> int:
    """Where (instant, position) stands or belongs in a span that is in this order; mostly that is its end."""
    if low == high or (ordered[high - 1].at, ordered[high - 1].position) < (at, position):
        return high
    while low < high:
        middle = (low + high) // 2
        if (ordered[middle].at, ordered[middle].position) < (at, position):
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def behind(ordered: Numbers, low: int, high: int, at: int) -> int:
    """Behind the last item that is not after an instant."""
    while low < high:
        middle = (low + high) // 2
        if ordered[middle].at <= at:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def open_up(span: Numbers, index: int, end: int) -> None:
    """Make room for an item in a span that ends at `end`."""
    for each in range(end, index, -1):
        span[each] = span[each - 1]


@compiled
def take(span: Numbers, index: int, end: int) -> None:
    """Remove from a span that ends at `end`."""
    for each in range(index, end - 1):
        span[each] = span[each + 1]


# -- counting ---------------------------------------------------------------------------------------------------


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


# -- what is asked ----------------------------------------------------------------------------------------------


@compiled
def span(r: Room, seat: Record, policy: Record, at: int) -> tuple[int, int, int]:
    """(first, behind the last, how many in it lie ahead) of the acceptances that the rate is counted over.

    Those ahead are noted by their positions in `r.ahead`.
    """
    first, last = seat.start, seat.start + seat.accepted
    ahead = 0
    if policy.cancellation_counts_due_only:
        for each in range(behind(r.due, first, last, at), last):
            if not above(r, seat, r.due[each].position):
                r.ahead[ahead] = each
                ahead += 1
    size = policy.cancellation_window_size
    if policy.cancellation_window_kind == WINDOW_DAYS:
        since = at - size * DAY
        kept = 0
        for each in range(ahead):
            if since < r.due[r.ahead[each]].accepted_at <= at:
                r.ahead[kept] = r.ahead[each]
                kept += 1
        ahead = kept
        first, last = behind(r.accepted, first, last, since), behind(r.accepted, seat.start, last, at)
    elif policy.cancellation_window_kind != WINDOW_ALL:
        begin = seat.start
        first = max(begin, last - size)
        latest_first(r, ahead)
        for each in range(ahead):
            item = r.due[r.ahead[each]]
            if place(r.accepted, begin, last, item.accepted_at, item.position) < first:
                ahead = each
                break
            first = max(begin, first - 1)
    for each in range(ahead):
        r.ahead[each] = r.due[r.ahead[each]].position
    return first, last, ahead


@compiled
def latest_first(r: Room, ahead: int) -> None:
    """Sort those that lie ahead by acceptance, the last one first."""
    for each in range(1, ahead):
        index, other = r.ahead[each], each - 1
        at, position = r.due[index].accepted_at, r.due[index].position
        while other >= 0:
            than = r.due[r.ahead[other]]
            if (than.accepted_at, than.position) > (at, position):
                break
            r.ahead[other + 1] = r.ahead[other]
            other -= 1
        r.ahead[other + 1] = index


@compiled
def above(r: Room, seat: Record, accepted_position: int) -> bool:
    """Whether the mission accepted at a position is above the line."""
    for each in range(seat.start, seat.start + seat.adverse):
        if r.now[r.adverse[each]].accepted_position == accepted_position:
            return True
    return False


@compiled
def rate(r: Room, seat: Record, policy: Record, at: int) -> RateFigures:
    """The figures of the cancellation rate at an instant."""
    if policy.cancellation_window_kind == WINDOW_ALL:
        if not policy.cancellation_counts_due_only:
            return RateFigures(seat.accepted, seat.cancelled, seat.no_shows)
        due = behind(r.due, seat.start, seat.start + seat.accepted, at) - seat.start
        for each in range(seat.start, seat.start + seat.adverse):
            due += r.now[r.adverse[each]].due_at > at
        return RateFigures(due, seat.cancelled, seat.no_shows)
    first, last, ahead = span(r, seat, policy, at)
    inside = within(r, seat, first, last)
    missed = 0
    for each in range(inside):
        missed += r.now[r.chosen[each]].adverse == PRO_NO_SHOW
    return RateFigures(last - first - ahead, each_series_once(r, inside) - missed, missed)


@compiled
def within(r: Room, seat: Record, first: int, last: int) -> int:
    """How many missions above the line were accepted in a span; noted in `r.chosen`."""
    chosen = 0
    if first >= last:
        return 0
    low = r.accepted[first].at, r.accepted[first].position
    high = r.accepted[last - 1].at, r.accepted[last - 1].position
    for each in range(seat.start, seat.start + seat.adverse):
        c = r.now[r.adverse[each]]
        if low <= (c.accepted_at, wide(c.accepted_position)) <= high:
            r.chosen[chosen] = r.adverse[each]
            chosen += 1
    return chosen


@compiled
def each_series_once(r: Room, chosen: int) -> int:
    """Keep of the chosen missions, in order of time, only the first of each series that the pro ended; how many."""
    for each in range(1, chosen):
        x, other = r.chosen[each], each - 1
        c = r.now[x]
        while other >= 0:
            than = r.now[r.chosen[other]]
            if (than.adverse_at, than.adverse_position) < (c.adverse_at, c.adverse_position):
                break
            r.chosen[other + 1] = r.chosen[other]
            other -= 1
        r.chosen[other + 1] = x
    kept = 0
    for each in range(chosen):
        series = r.now[r.chosen[each]].of_series
        known = False
        for before in range(kept):
            known = known or (series >= 0 and r.now[r.chosen[before]].of_series == series)
        if not known:
            r.chosen[kept] = r.chosen[each]
            kept += 1
    return kept


@compiled
def late(r: Room, seat: Record, policy: Record, at: int) -> LateFigures:
    """How many missions were cancelled late in the policy's window; noted in `r.chosen`."""
    since = max(at - policy.late_window_seconds * SECOND, NEVER)
    chosen = 0
    for each in range(seat.start, seat.start + seat.adverse):
        c = r.now[r.adverse[each]]
        if c.late and since < c.adverse_at <= at:
            r.chosen[chosen] = r.adverse[each]
            chosen += 1
    return LateFigures(each_series_once(r, chosen))


@compiled
def rating(rated: Numbers, seat: Record, window: int) -> RatingFigures:
    """How many missions are in the rating window, and the sum of their stars."""
    end = seat.start + seat.rated
    stars = rated[end - 1].total if seat.rated else 0
    if seat.rated > window:
        stars -= rated[end - 1 - window].total
    return RatingFigures(min(seat.rated, window), stars)


@compiled
def totals(rated: Numbers, seat: Record, index: int) -> None:
    """Add up the stars anew from a place on."""
    total = rated[index - 1].total if index > seat.start else 0
    for each in range(index, seat.start + seat.rated):
        total += rated[each].stars
        rated[each].total = total


@compiled
def negative(rated: Numbers, chosen: Numbers, seat: Record, policy: Record) -> NegativeFigures:
    """From how many clients the negative ratings among the last ones are.

    Of each client the last is noted in `chosen`: its place among the rated ones.
    """
    end = seat.start + seat.rated
    clients = 0
    for each in range(max(seat.start, end - policy.negative_window), end):
        if rated[each].stars > policy.negative_max_stars:
            continue
        known = -1
        for before in range(clients):
            if rated[chosen[before]].client == rated[each].client:
                known = before
        if known >= 0:
            chosen[known] = each
        else:
            chosen[clients] = each
            clients += 1
    return NegativeFigures(clients, min(seat.rated, policy.negative_window))
