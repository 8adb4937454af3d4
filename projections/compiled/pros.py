"""Judging pro after pro as machine code: the moves of each in order, and what the rules find after each.

What `ledger/recording` does for one event, for the pros it concerns.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER
from projections.compiled import desk, rules, seats
from projections.compiled.asking import AT_MOST, ask, ask_all
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.desk import DECISIONS, MISSIONS, SEATS, Desk, access_at, expired
from projections.compiled.evidence import Found
from projections.compiled.moving import MOVEMENT, moved, unavailable
from projections.compiled.records import DOCUMENT, FINDING, MISSION, MOVE, UNAVAILABLE
from projections.compiled.seats import Room
from projections.compiled.terms import Terms, nothing, row_at
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any

DOCUMENTS = rules.DOCUMENTS


@compiled
def document(r: Room, d: Desk, move: Record, terms: Terms, f: Found) -> None:
    """A document expired, or was verified; with the last verification the restriction ends."""
    which, at = move.stars, move.at
    was_missing = d.papers[which].expired > 0
    counts = d.papers[which].at <= at
    if counts:
        d.papers[which].at = at
        d.papers[which].expired = move.position if move.adverse else 0
    if move.adverse:
        if counts:
            policy = terms.rows[row_at(terms, move.register, at, wide(-1))]
            ask(wide(DOCUMENTS), r, d, wide(0), wide(-1), move, terms, policy, f)
    elif was_missing and not expired(d):
        d.proposed[DOCUMENTS] = False
        kept = 0
        for each in range(d.counts[DECISIONS]):
            if d.decisions[each].rule != DOCUMENTS:
                d.decisions[kept] = d.decisions[each]
                kept += 1
        d.counts[DECISIONS] = kept


@compiled
def seated(r: Room, d: Desk, order: Numbers, begin: int, end: int, moves: Numbers, number_of: Numbers) -> None:
    """Give the pro's cities their seats and every mission its place, before anything is counted."""
    d.counts[:] = 0
    for each in range(begin, end):
        move = moves[order[each]]
        mission = move.mission
        if mission < 0 or known_here(r, d, number_of, mission):
            continue
        x = d.counts[MISSIONS]
        number_of[mission] = x
        r.entries[x].mission, r.entries[x].there, r.entries[x].client = mission, 0, move.client
        d.counts[MISSIONS] += 1
        city, seat = move.city, 0
        while seat < d.counts[SEATS] and r.seats[seat].city != city:
            seat += 1
        if seat == d.counts[SEATS]:
            d.counts[SEATS] += 1
            s = r.seats[seat]
            s.city, s.accepted, s.cancelled, s.no_shows, s.rated, s.adverse, s.start = city, 0, 0, 0, 0, 0, 0
        r.entries[x].seat = seat
        r.seats[seat].start += 1  # for now: how many missions it will have
    start = 0
    for seat in range(d.counts[SEATS]):
        size = r.seats[seat].start
        r.seats[seat].start = start
        start += size


@compiled
def known_here(r: Room, d: Desk, number_of: Numbers, mission: int) -> bool:
    """Whether a mission has its place in this room already; `number_of` may hold what an earlier pro left."""
    x = number_of[mission]
    return 0 <= x < d.counts[MISSIONS] and r.entries[x].mission == mission  # type: ignore[no-any-return]


def _to_judge() -> tuple[Any, ...]:
    moves = rows(np.int32), rows(np.int64), rows(np.int32), rows(MOVE), rows(MISSION), rows(np.int32)
    places = seats.room(0), desk.desk(0), nothing(), 0, rows(np.int8), rows(np.int8), rows(MOVEMENT)
    return *moves, *places, Found(rows(FINDING), rows(np.int64), rows(np.int64), 0)


@kernel(_to_judge)
def judge_pros(
    wanted: Numbers,
    starts: Numbers,
    order: Numbers,
    moves: Numbers,
    missions: Numbers,
    number_of: Numbers,
    r: Room,
    d: Desk,
    terms: Terms,
    at: int,
    access: Numbers,
    odd: Numbers,
    movements: Numbers,
    f: Found,
) -> int:
    """Judge these pros from their first move on; `access` gets their levels at an instant, `odd` whom plain Python

    must judge. Returns how many were judged: fewer than all when there is no more room for what they may find.
    """
    m = movements[0]
    for done in range(len(wanted)):
        pro = wanted[done]
        begin, end = starts[pro], starts[pro + 1]
        if f.counts[0] + AT_MOST * (end - begin) > len(f.findings):
            return done
        before = f.counts[0], f.counts[1]
        seated(r, d, order, begin, end, moves, number_of)
        d.proposed[:] = False
        for paper in range(len(d.papers)):
            d.papers[paper].at, d.papers[paper].expired = NEVER, 0
        for each in range(begin, end):
            move = moves[order[each]]
            if move.kind == DOCUMENT:
                document(r, d, move, terms, f)
            elif move.kind == UNAVAILABLE:
                unavailable(r, d, move, missions, m)
            else:
                x = wide(number_of[move.mission])
                seat = wide(r.entries[x].seat)
                policy = terms.rows[row_at(terms, move.register, move.at, r.seats[seat].city)]
                if not moved(r, d, move, x, missions, policy, m):
                    odd[pro] = 1
                    f.counts[0], f.counts[1] = before
                    break
                if m.no_show or m.adverse or m.late or m.rating:
                    ask_all(r, d, seat, move, terms, policy, m, f)
        access[pro] = access_at(d.decisions, d.counts[DECISIONS], at)
    return len(wanted)
