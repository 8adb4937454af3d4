"""The events of a batch on their way in, placed into their missions as machine code: a loop over `telling.made`.

What no flat record can say – a refusal, an anomaly, the file of a damage, a person's word – is left to plain Python,
and with it everything that happens to that mission afterwards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.missions.facts import (
    BY_PRO,
    CANCELLED,
    DAMAGE_DECLARED,
    DAMAGE_DOCUMENT_ADDED,
    EXPIRED,
    NO_SHOW,
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    RATED,
    REFUSED,
)
from ledger.missions.mission import COMPLETED
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.contributing import CONTRIBUTED, contributed
from projections.compiled.missions import MOVED, ODD, STILL
from projections.compiled.records import DETAIL, EVENT, LATER, MISSION
from projections.compiled.telling import HELD_AGAINST, MOVES, Book, book, made, write
from projections.compiled.terms import Terms, nothing

Numbers = npt.NDArray[Any]
Record = Any

APART = 3
"""Beside ODD, STILL and MOVED: an event that is about no flat mission."""
BY_HAND = 200
"""A kind that stands for any event which plain Python must place."""
LEFT = (
    REFUSED,
    EXPIRED,
    NO_SHOW,
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    DAMAGE_DECLARED,
    DAMAGE_DOCUMENT_ADDED,
    BY_HAND,
)  # projections show more of them than a flat record holds


def flat(what: Numbers) -> Numbers:
    """Which events were placed into flat missions, by what they made of them."""
    placed: Numbers = (what == STILL) | (what == MOVED)
    return placed


@compiled
def noted(m: Record, e: Record) -> bool:
    """Whether an event leaves a note with its mission: a rating without a completion, a pro who calls off too late."""
    if e.kind == RATED:
        return m.state != COMPLETED  # type: ignore[no-any-return]
    return e.kind == CANCELLED and e.by == BY_PRO and e.at >= m.starts_at  # type: ignore[no-any-return]


@kernel(lambda: (rows(EVENT), rows(DETAIL), book(0, 0), nothing(), rows(np.int32), rows(np.int8), rows(np.int32)))
def place(
    events: Numbers, details: Numbers, b: Book, terms: Terms, versions_of: Numbers, what: Numbers, versions: Numbers
) -> None:
    """Place events in their order; notes in `what` what each made of its mission, and in `versions` its version.

    `versions_of` has the last version of each mission. From its first ODD event on all events of a mission are ODD. The
    moves are those of the events that MOVED, in order.
    """
    b.counts[MOVES] = 0
    b.counts[HELD_AGAINST] = 0
    for i in range(len(events)):
        e = events[i]
        if e.mission < 0:
            what[i] = APART
            continue
        m = b.missions[e.mission]
        if m.odd or e.kind in LEFT or noted(m, e):
            m.odd = 1
            what[i] = ODD
            continue
        made_of = made(m, e, details, b, terms)
        what[i] = made_of
        if made_of == ODD:
            m.odd = 1
            continue
        versions_of[e.mission] += 1
        versions[i] = versions_of[e.mission]
        if made_of == MOVED:
            count = b.counts[MOVES]
            write(b.moves[count], e, m, b)
            b.whose[count] = m.pro
            b.counts[MOVES] = count + 1


@kernel(lambda: (rows(MISSION), rows(LATER), rows(CONTRIBUTED)))
def contributions(missions: Numbers, later: Numbers, contributed_by: Numbers) -> None:
    """What each of these missions contributes."""
    for each in range(len(missions)):
        m = missions[each]
        contributed(contributed_by[each], m, later[m.later])


assert {ODD, STILL, MOVED}.isdisjoint({APART})
