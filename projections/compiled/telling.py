"""Telling the events, in one order, to the missions and pros they are about: a loop, and the moves that come of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER
from ledger.missions.facts import (
    ACCEPTED,
    CHECKED_IN,
    CLIENT_ABSENT,
    DAMAGE_DECLARED,
    DELAYED,
    DURATION_MODIFIED,
    EXPIRED,
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    RATED,
    REFUSED,
    REQUESTED,
    RESCHEDULED,
)
from ledger.missions.facts import COMPLETED as TOLD_COMPLETED
from ledger.missions.facts import DAMAGE_DOCUMENT_ADDED as LAST_OF_MISSIONS
from ledger.missions.mission import COMPLETED, NOTHING_ADVERSE
from projections.columns import kinds
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.contributing import accepted, changed, hold_against
from projections.compiled.missions import (
    MOVED,
    ODD,
    begin_later,
    by_terms,
    confirm,
    modify,
    plain,
    reject,
    request,
)
from projections.compiled.records import AGAINST, DETAIL, DOCUMENT, EVENT, LATER, MISSION, MOVE, UNAVAILABLE
from projections.compiled.terms import Terms, closes_at, nothing, row_at

Numbers = npt.NDArray[Any]
Record = Any

ADJUSTED, JUDGED, RAN_OUT = kinds.ADJUSTED, kinds.JUDGED, kinds.EXPIRED
TOUCHING = (
    ACCEPTED,
    RESCHEDULED,
    CLIENT_ABSENT,
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    TOLD_COMPLETED,
    DURATION_MODIFIED,
)  # what `projections.billing` takes as touching a line
PLAIN = (
    ACCEPTED,
    REFUSED,
    EXPIRED,
    DELAYED,
    CHECKED_IN,
    TOLD_COMPLETED,
    RATED,
    DAMAGE_DECLARED,
    LAST_OF_MISSIONS,
)  # no policy is asked about them, and there is no more to them than the event
TOLD_DOCUMENT, TOLD_UNAVAILABLE = kinds.DOCUMENT, kinds.UNAVAILABLE

MOVES, LATERS, HELD_AGAINST = range(3)


class Book(NamedTuple):
    """What is written down while the events are told."""

    missions: Numbers  # MISSION
    later: Numbers  # LATER; number 0 is nobody's
    moves: Numbers  # MOVE
    whose: Numbers  # of each move: the pro
    against: Numbers  # AGAINST; number 0 is nothing
    missions_of: Numbers  # pro → how many missions it has moves of
    judged: Numbers  # pro → whether a person said anything about it
    counts: Numbers  # how many moves, and the last numbers of LATER and AGAINST


def book(missions: int, events: int) -> Book:
    """Room for what so many events about so many missions give. What is never written costs no memory."""
    return Book(
        missions=np.zeros(missions, MISSION),
        later=np.zeros(missions + 1, LATER),
        moves=np.empty(events, MOVE),
        whose=np.empty(events, np.int32),
        against=np.zeros(events + 1, AGAINST),
        missions_of=np.zeros(0, np.int32),
        judged=np.zeros(0, np.int8),
        counts=np.zeros(3, np.int64),
    )


def with_pros(b: Book, pros: int) -> Book:
    """The same book, with room for so many pros."""
    more = pros - len(b.judged)
    if not more:
        return b
    return b._replace(
        missions_of=np.concatenate([b.missions_of, np.zeros(more, np.int32)]),
        judged=np.concatenate([b.judged, np.zeros(more, np.int8)]),
    )


@kernel(lambda: (rows(EVENT), rows(DETAIL), book(0, 0), nothing()))
def tell(events: Numbers, details: Numbers, b: Book, terms: Terms) -> None:
    """Tell events in the order they stand in; marks the missions that are odd, and the pros that a person judged."""
    count = b.counts[MOVES]
    for i in range(len(events)):
        e = events[i]
        kind = e.kind
        if kind <= LAST_OF_MISSIONS or kind == ADJUSTED:
            m = b.missions[e.mission]
            if m.odd:
                continue
            what = made(m, e, details, b, terms)
            if what == ODD:
                m.odd = 1
            elif what == MOVED:
                write(b.moves[count], e, m, b)
                b.whose[count] = m.pro
                count += 1
        elif kind in (TOLD_DOCUMENT, TOLD_UNAVAILABLE):
            of_pro(b.moves[count], e, details)
            b.whose[count] = e.pro
            count += 1
        elif kind == JUDGED:
            b.judged[e.pro] = 1
    b.counts[MOVES] = count


@compiled
def made(m: Record, e: Record, details: Numbers, b: Book, terms: Terms) -> int:
    """What an event makes of its mission."""
    kind = e.kind
    if kind in PLAIN and m.known and e.at >= m.latest_at:
        if kind in TOUCHING:
            m.register = e.register
        what = plain(m, e, b.later)
    else:
        what = by_more(m, e, details, b, terms)
    m.latest_at = e.at
    return what


@compiled
def by_more(m: Record, e: Record, details: Numbers, b: Book, terms: Terms) -> int:
    """What an event makes of its mission that has details, is judged by a policy or changes what was planned."""
    kind = e.kind
    if kind == REQUESTED:
        return request(m, e, details[e.detail])
    if not m.known or e.at < m.latest_at or kind == ADJUSTED:
        return ODD
    if kind in TOUCHING:
        m.register = e.register
    if m.later == 0:
        b.counts[LATERS] += 1
        begin_later(m, b.later, b.counts[LATERS])
    more = b.later[m.later]
    if kind == NO_SHOW_CONFIRMED:
        return confirm(m, more, e.position)
    if kind == NO_SHOW_REJECTED:
        return reject(m, more)
    if kind != DURATION_MODIFIED:
        return by_terms(m, more, e, terms.rows[row_at(terms, e.register, e.at, m.city)])
    if m.state != COMPLETED:
        return ODD
    row = terms.rows[row_at(terms, e.register, m.state_at, m.city)]
    closes = closes_at(terms, m.timezone, m.state_at, row.billing_closes)
    return modify(m, more, e, details[max(0, e.detail)], closes)


@compiled
def write(move: Record, e: Record, m: Record, b: Book) -> None:
    """Write down how an event moved a mission's contribution."""
    move.at, move.position, move.register = e.at, e.position, e.register
    if e.kind == ACCEPTED:
        m.ordinal = b.missions_of[m.pro]
        b.missions_of[m.pro] += 1
        accepted(move, m)
        return
    against = 0
    if m.adverse != NOTHING_ADVERSE:
        b.counts[HELD_AGAINST] += 1
        against = b.counts[HELD_AGAINST]
        hold_against(b.against[against], m, b.later[m.later])
    changed(move, m, against)


@compiled
def of_pro(move: Record, e: Record, details: Numbers) -> None:
    """A document, or an unavailability."""
    move.at, move.position, move.register, move.ordinal, move.stars = e.at, e.position, e.register, -1, 0
    move.due_at, move.ended_at, move.city_or_rating, move.client_or_beside = NEVER, NEVER, -1, 0
    if e.kind == TOLD_DOCUMENT:
        move.kind, move.stars, move.client_or_beside = DOCUMENT, e.flag, 1 if e.by == RAN_OUT else 0
    else:
        move.kind, move.ended_at, move.due_at = UNAVAILABLE, e.when, details[e.detail].amount


@kernel(lambda: (rows(np.int32), 0, rows(np.int64), rows(np.int32)))
def by_pro(whose: Numbers, count: int, starts: Numbers, order: Numbers) -> int:
    """Sort the moves by pro, those of each in their order: `order` from `starts[pro]` on; the most of any one pro."""
    starts[:] = 0
    for each in range(count):
        starts[whose[each] + 1] += 1
    most = 0
    for pro in range(len(starts) - 1):
        most = max(most, starts[pro + 1])
        starts[pro + 1] += starts[pro]
    for each in range(count):
        pro = whose[each]
        order[starts[pro]] = each
        starts[pro] += 1
    for pro in range(len(starts) - 1, 0, -1):
        starts[pro] = starts[pro - 1]
    starts[0] = 0
    return most
