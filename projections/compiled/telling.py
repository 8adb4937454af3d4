"""Telling the events, in one order, to the missions and pros they are about: a loop, and the moves that come of it."""

from __future__ import annotations

from typing import Any

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
from ledger.missions.mission import COMPLETED
from projections.columns import kinds
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.missions import MOVED, ODD, by_terms, contribute, modify, plain, request
from projections.compiled.records import CONTRIBUTION, DETAIL, DOCUMENT, EVENT, MISSION, MOVE, UNAVAILABLE
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
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    TOLD_COMPLETED,
    RATED,
    DAMAGE_DECLARED,
    LAST_OF_MISSIONS,
)  # no policy is asked about them, and there is no more to them than the event
TOLD_DOCUMENT, TOLD_UNAVAILABLE = kinds.DOCUMENT, kinds.UNAVAILABLE


@kernel(lambda: (rows(EVENT), rows(DETAIL), rows(MISSION), rows(np.int8), rows(MOVE), 0, nothing()))
def tell(
    events: Numbers, details: Numbers, missions: Numbers, odd: Numbers, moves: Numbers, count: int, terms: Terms
) -> int:
    """Tell events in the order they stand in; returns how many moves there are now.

    Marks missions that are odd, and in `odd` the pros that a person judged.
    """
    for i in range(len(events)):
        e = events[i]
        kind = e.kind
        if kind <= LAST_OF_MISSIONS or kind == ADJUSTED:
            m = missions[e.mission]
            if m.odd:
                continue
            if kind in PLAIN and m.known and e.at >= m.latest_at:
                if kind in TOUCHING:
                    m.register = e.register
                what = plain(m, e)
            else:
                what = by_more(m, e, details, terms)
            m.latest_at = e.at
            if what == ODD:
                m.odd = 1
            elif what == MOVED:
                move = moves[count]
                begin(move, e)
                move.kind, move.mission = CONTRIBUTION, e.mission
                contribute(move, m)
                count += 1
        elif kind in (TOLD_DOCUMENT, TOLD_UNAVAILABLE):
            of_pro(moves[count], e, details)
            count += 1
        elif kind == JUDGED:
            odd[e.pro] = 1
    return count


@compiled
def by_more(m: Record, e: Record, details: Numbers, terms: Terms) -> int:
    """What an event makes of its mission that has details or is judged by a policy."""
    kind = e.kind
    if kind == REQUESTED:
        return request(m, e, details[e.detail])
    if not m.known or e.at < m.latest_at or kind == ADJUSTED:
        return ODD
    if kind in TOUCHING:
        m.register = e.register
    if kind != DURATION_MODIFIED:
        return by_terms(m, e, terms.rows[row_at(terms, e.register, e.at, m.city)])
    if m.state != COMPLETED:
        return ODD
    row = terms.rows[row_at(terms, e.register, m.state_at, m.city)]
    closes = closes_at(terms, m.timezone, m.state_at, row.billing_closes)
    return modify(m, e, details[max(0, e.detail)], closes)


@compiled
def of_pro(move: Record, e: Record, details: Numbers) -> None:
    """A document, or an unavailability."""
    begin(move, e)
    move.pro, move.mission = e.pro, -1
    if e.kind == TOLD_DOCUMENT:
        move.kind, move.stars, move.adverse = DOCUMENT, e.flag, 1 if e.by == RAN_OUT else 0
    else:
        move.kind, move.accepted_at, move.due_at = UNAVAILABLE, e.when, details[e.detail].amount


@compiled
def begin(move: Record, e: Record) -> None:
    """What every move has."""
    move.at, move.position, move.register = e.at, e.position, e.register
    move.accepted_at, move.due_at, move.adverse_at, move.ended_at = NEVER, NEVER, NEVER, NEVER
    move.accepted_position, move.adverse_position, move.confirmed_position, move.rated_position = 0, 0, 0, 0
    move.of_series, move.stars, move.adverse, move.late, move.by_cancellation = -1, 0, 0, 0, 0


@kernel(lambda: (rows(MOVE), 0, rows(MISSION)))
def drop_odd(moves: Numbers, count: int, missions: Numbers) -> int:
    """Take out the moves of missions that turned out to be odd; returns how many are left."""
    kept = 0
    for each in range(count):
        mission = moves[each].mission
        if mission >= 0 and missions[mission].odd:
            continue
        if kept != each:
            moves[kept] = moves[each]
        kept += 1
    return kept


@kernel(lambda: (rows(MOVE), 0, rows(np.int64), rows(np.int32)))
def by_pro(moves: Numbers, count: int, starts: Numbers, order: Numbers) -> int:
    """Sort the moves by pro, those of each in their order: `order` from `starts[pro]` on; the most of any one pro."""
    starts[:] = 0
    for each in range(count):
        starts[moves[each].pro + 1] += 1
    most = 0
    for pro in range(len(starts) - 1):
        most = max(most, starts[pro + 1])
        starts[pro + 1] += starts[pro]
    for each in range(count):
        pro = moves[each].pro
        order[starts[pro]] = each
        starts[pro] += 1
    for pro in range(len(starts) - 1, 0, -1):
        starts[pro] = starts[pro - 1]
    starts[0] = 0
    return most
