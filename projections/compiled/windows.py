"""The figures of a seat that the rules are asked with, each counted over the window that a policy gives."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from ledger.instants import DAY, NEVER, SECOND
from ledger.missions.mission import PRO_NO_SHOW
from ledger.policies.parameters import WINDOW_ALL, WINDOW_DAYS
from ledger.rules.figures import LateFigures, NegativeFigures, RateFigures, RatingFigures
from projections.compiled.compiling import compiled
from projections.compiled.seats import Room
from projections.compiled.spans import behind, place
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any


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
