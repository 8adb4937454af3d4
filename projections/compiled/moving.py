"""Moving a pro's figures as machine code: `CityFigures.move`, and what an unavailability excuses."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER
from ledger.missions.mission import NOTHING_ADVERSE, PRO_NO_SHOW
from ledger.pros.figures import Movement
from projections.compiled import seats, spans, windows
from projections.compiled.compiling import compiled
from projections.compiled.desk import MISSIONS, SPANS, Desk
from projections.compiled.records import CHANGED, GONE
from projections.compiled.seats import Room
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any


class Beside(NamedTuple):
    """What moves name by number."""

    against: Numbers  # AGAINST
    wholes: Numbers  # CONTRIBUTION


MOVEMENT = np.dtype([(name, "i8") for name in Movement._fields], align=True)
"""`ledger.pros.figures.Movement` as a record."""


@compiled
def excused(d: Desk, c: Record, against: Numbers) -> bool:
    """Whether a cancellation is of a mission requested inside an unavailability declared before the request."""
    if not c.by_cancellation or c.adverse == NOTHING_ADVERSE:
        return False
    asked = against[c.against]
    for each in range(d.counts[SPANS]):
        if (
            d.spans[each].declared_at < asked.requested_at
            and asked.asked_start < d.spans[each].until
            and d.spans[each].since < asked.asked_end
        ):
            return True
    return False


@compiled
def excuse(c: Record) -> None:
    """What was against the pro counts no more."""
    c.adverse, c.adverse_at, c.adverse_position = NOTHING_ADVERSE, NEVER, 0
    c.confirmed_position, c.late, c.of_series, c.by_cancellation = 0, 0, -1, 0


@compiled
def keep(c: Record, given: Record) -> None:
    """Copy a contribution; field by field, as a whole record would be copied byte by byte."""
    c.accepted_at, c.due_at, c.adverse_at, c.ended_at = (
        given.accepted_at,
        given.due_at,
        given.adverse_at,
        given.ended_at,
    )
    c.accepted_position, c.adverse_position = given.accepted_position, given.adverse_position
    c.confirmed_position, c.rated_position = given.confirmed_position, given.rated_position
    c.of_series, c.stars, c.adverse, c.late = given.of_series, given.stars, given.adverse, given.late
    c.by_cancellation, c.against = given.by_cancellation, given.against


@compiled
def same(a: Record, b: Record) -> bool:
    """Whether two contributions are the same, their rating apart."""
    return (  # type: ignore[no-any-return]
        a.accepted_at == b.accepted_at
        and a.accepted_position == b.accepted_position
        and a.due_at == b.due_at
        and a.adverse == b.adverse
        and a.adverse_at == b.adverse_at
        and a.adverse_position == b.adverse_position
        and a.confirmed_position == b.confirmed_position
        and a.late == b.late
        and a.of_series == b.of_series
        and a.by_cancellation == b.by_cancellation
    )


@compiled
def rated_place(rated: Numbers, seat: Record, at: int) -> int:
    """Where a mission completed at an instant stands or belongs among the rated ones; mostly that is their end."""
    low, high = seat.start, seat.start + seat.rated
    if low == high or rated[high - 1].at < at:
        return high  # type: ignore[no-any-return]
    while low < high:
        middle = (low + high) // 2
        if rated[middle].at < at:
            low = middle + 1
        else:
            high = middle
    return low  # type: ignore[no-any-return]


@compiled
def begin(r: Room, seat: Record, x: int, move: Record) -> None:
    """A mission was accepted and contributes from now on; no figure that a rule watches grows."""
    c = r.now[x]
    c.accepted_at, c.due_at, c.adverse_at, c.ended_at = move.at, move.due_at, NEVER, NEVER
    c.accepted_position, c.adverse_position, c.confirmed_position, c.rated_position = move.position, 0, 0, 0
    c.of_series, c.against, c.stars, c.adverse, c.late, c.by_cancellation = -1, 0, 0, NOTHING_ADVERSE, 0, 0
    r.entries[x].there = 1
    seats.add(r, seat, x)


@compiled
def rerate(
    r: Room, seat: Record, x: int, was_ended: int, after: Record, now_ended: int, window: int, m: Record
) -> bool:
    """Another rating of a mission counts, or none, or it does since another instant (NEVER: it does not).

    False where two missions ended at the same instant: their order is that of their ids, which are not known here.
    """
    if was_ended != NEVER:
        index = rated_place(r.rated, seat, was_ended)
        spans.take(r.rated, index, seat.start + seat.rated)
        seat.rated -= 1
        seats.totals(r.rated, seat, index)
    if now_ended == NEVER:
        return True
    if was_ended == NEVER:
        recent = windows.rating(r.rated, seat, window)
        m.rated_before, m.stars_before = recent.rated, recent.stars
    index, end = rated_place(r.rated, seat, now_ended), seat.start + seat.rated
    known = index == end or r.rated[index].at != now_ended
    spans.open_up(r.rated, index, end)
    rating = r.rated[index]
    rating.at, rating.stars, rating.client = now_ended, after.stars, r.entries[x].client
    rating.position = after.rated_position
    seat.rated += 1
    seats.totals(r.rated, seat, index)
    if was_ended == NEVER:
        m.rating, m.place = after.stars, end + 1 - index
    return known  # type: ignore[no-any-return]


@compiled
def replace(r: Room, seat: Record, x: int, after: Record, there: int, window: int, m: Record) -> bool:
    """Let a mission contribute something else: `CityFigures.move`. False: as for `rerate`."""
    before, entry = r.now[x], r.entries[x]
    was_there = entry.there
    adverse_before, late_before, was_ended = NOTHING_ADVERSE, 0, NEVER
    if was_there:
        adverse_before, late_before, was_ended = before.adverse, before.late, before.ended_at
    adverse_after, late_after, now_ended = NOTHING_ADVERSE, 0, NEVER
    if there:
        adverse_after, late_after, now_ended = after.adverse, after.late, after.ended_at
    rerated = was_ended != now_ended or (
        now_ended != NEVER and (before.stars != after.stars or before.rated_position != after.rated_position)
    )
    late = late_after > late_before and adverse_before != PRO_NO_SHOW
    counted = seat.cancelled + seat.no_shows
    if not was_there or not there or not same(before, after):
        if was_there:
            seats.remove(r, seat, x)
        keep(r.now[x], after)
        entry.there = there
        if late and r.now[x].of_series >= 0:
            late = not seats.another_of_series(r, seat, x, True)
        if there:
            seats.add(r, seat, x)
    else:
        keep(r.now[x], after)
    known = True
    if rerated:
        known = rerate(r, seat, x, was_ended, after, now_ended, window, m)
    more = seat.cancelled + seat.no_shows > counted
    m.adverse = more and adverse_before == NOTHING_ADVERSE and adverse_after != NOTHING_ADVERSE
    m.no_show = adverse_before != PRO_NO_SHOW and adverse_after == PRO_NO_SHOW
    m.late = late
    return known


@compiled
def changed(r: Room, seat: Record, x: int, move: Record, policy: Record, m: Record) -> bool:
    """A mission with nothing against its pro, before and now, is due or rated otherwise. False: as for `rerate`."""
    c = r.now[x]
    if c.due_at != move.due_at:
        seats.reorder_due(r, seat, c, move.due_at)
    was_ended = c.ended_at
    if was_ended == move.ended_at and c.stars == move.stars and c.rated_position == move.city_or_rating:
        return True
    c.ended_at, c.stars, c.rated_position = move.ended_at, move.stars, move.city_or_rating
    return rerate(r, seat, x, was_ended, c, c.ended_at, policy.rating_window, m)


@compiled
def described(r: Room, x: int, move: Record, b: Beside) -> None:
    """Write what a mission contributes now into the room for the next one."""
    after = r.now[len(r.now) - 1]
    if move.kind != CHANGED:
        keep(after, b.wholes[move.client_or_beside])
    else:
        c = r.now[x]
        after.accepted_at, after.accepted_position = c.accepted_at, c.accepted_position
        after.due_at, after.ended_at, after.stars = move.due_at, move.ended_at, move.stars
        after.rated_position, after.against = move.city_or_rating, move.client_or_beside
    held = b.against[after.against]
    after.adverse, after.adverse_at, after.adverse_position = held.adverse, held.adverse_at, held.adverse_position
    after.confirmed_position, after.late, after.of_series = held.confirmed_position, held.late, held.of_series
    after.by_cancellation = held.by_cancellation


@compiled
def moved(r: Room, d: Desk, move: Record, x: int, b: Beside, policy: Record, m: Record) -> bool:
    """One move of a pro's figures, and in `m` what it did to them. False: as for `rerate`."""
    m.adverse, m.no_show, m.late, m.rating, m.place, m.rated_before, m.stars_before = 0, 0, 0, 0, 0, 0, 0
    seat = r.seats[r.entries[x].seat]
    plain = move.kind == CHANGED and move.client_or_beside == 0
    if plain and r.entries[x].there and r.now[x].adverse == NOTHING_ADVERSE:
        return changed(r, seat, x, move, policy, m)
    described(r, x, move, b)
    after = r.now[len(r.now) - 1]
    if d.counts[SPANS] and excused(d, after, b.against):
        excuse(after)
    return replace(r, seat, x, after, 0 if move.kind == GONE else 1, policy.rating_window, m)


@compiled
def unavailable(r: Room, d: Desk, move: Record, b: Beside, m: Record) -> None:
    """An unavailability was declared: see which cancellations it excuses; no rule is asked."""
    each = d.counts[SPANS]
    d.spans[each].since, d.spans[each].until, d.spans[each].declared_at = move.ended_at, move.due_at, move.at
    d.counts[SPANS] += 1
    for x in range(d.counts[MISSIONS]):
        c = r.now[x]
        if r.entries[x].there and excused(d, c, b.against):
            spared = r.now[len(r.now) - 1]
            keep(spared, c)
            excuse(spared)
            replace(r, r.seats[r.entries[x].seat], x, spared, wide(1), wide(1), m)
