"""Judging pro after pro as machine code: the moves of each in order, and what the rules find after each.

What `ledger/recording` does for one event, for the pros it concerns.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER
from projections.compiled import desk, rules, seats
from projections.compiled.asking import AT_MOST, ask, ask_all
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.desk import DECISIONS, MISSIONS, SEATS, Desk, access_at, expired
from projections.compiled.evidence import Found
from projections.compiled.moving import MOVEMENT, Beside, begin, moved, unavailable
from projections.compiled.records import ACCEPTED, AGAINST, CONTRIBUTION, DOCUMENT, FINDING, GONE, MOVE, WHOLE
from projections.compiled.seats import Room
from projections.compiled.terms import Terms, nothing, row_at
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any

DOCUMENTS = rules.DOCUMENTS


@compiled
def document(pro: int, r: Room, d: Desk, move: Record, terms: Terms, f: Found) -> None:
    """A document expired, or was verified; with the last verification the restriction ends."""
    which, at = move.stars, move.at
    was_missing = d.papers[which].expired > 0
    counts = d.papers[which].at <= at
    if counts:
        d.papers[which].at = at
        d.papers[which].expired = move.position if move.client_or_beside else 0
    if move.client_or_beside:
        if counts:
            policy = terms.rows[row_at(terms, move.register, at, wide(-1))]
            ask(wide(DOCUMENTS), pro, r, d, wide(0), wide(-1), move, terms, policy, f)
    elif was_missing and not expired(d):
        d.proposed[DOCUMENTS] = False
        kept = 0
        for each in range(d.counts[DECISIONS]):
            if d.decisions[each].rule != DOCUMENTS:
                d.decisions[kept] = d.decisions[each]
                kept += 1
        d.counts[DECISIONS] = kept


@compiled
def gathered(r: Room, moves: Numbers, order: Numbers) -> None:
    """Take the pro's moves into the room: nothing else is done meanwhile, so that many are waited for at once."""
    for each in range(len(order)):
        r.moves[each] = moves[order[each]]


@compiled
def seated(r: Room, d: Desk, count: int, moves: int, dropped: Numbers, wholes: Numbers) -> None:
    """Give the pro's cities their seats and every mission its place, before anything is counted.

    `count`: how many missions there are; those that are dropped have none. `moves`: how many are in the room.
    """
    d.counts[:] = 0
    d.counts[MISSIONS] = count
    for x in range(count):
        r.entries[x].seat, r.entries[x].there = -1, 0
    for each in range(moves):
        move = r.moves[each]
        x, city, client = move.ordinal, move.city_or_rating, move.client_or_beside
        if x < 0 or r.entries[x].seat >= 0 or dropped[x]:
            continue
        if move.kind in (WHOLE, GONE):
            city, client = wholes[move.client_or_beside].city, wholes[move.client_or_beside].client
        seat = 0
        while seat < d.counts[SEATS] and r.seats[seat].city != city:
            seat += 1
        if seat == d.counts[SEATS]:
            d.counts[SEATS] += 1
            s = r.seats[seat]
            s.city, s.accepted, s.cancelled, s.no_shows, s.rated, s.adverse, s.start = city, 0, 0, 0, 0, 0, 0
        r.entries[x].seat, r.entries[x].client = seat, client
        r.seats[seat].start += 1  # for now: how many missions it will have
    start = 0
    for seat in range(d.counts[SEATS]):
        size = r.seats[seat].start
        r.seats[seat].start = start
        start += size


class Moves(NamedTuple):
    """The moves of all pros, those of each pro from a place of `order` on, in the order they are told in."""

    moves: Numbers  # MOVE
    order: Numbers
    starts: Numbers  # pro → its first place in `order`; one more than there are pros
    firsts: Numbers  # pro → the place of its first mission in `dropped`; one more as well
    dropped: Numbers  # of each mission of each pro: whether its moves say nothing, as plain Python told it
    beside: Beside


def _to_judge() -> tuple[Any, ...]:
    beside = Beside(rows(AGAINST), rows(CONTRIBUTION))
    places = rows(np.int32), rows(np.int64), rows(np.int64), rows(np.int8)
    where = seats.room(0), desk.desk(0), nothing(), 0, rows(np.int8), rows(np.int8), rows(MOVEMENT)
    found = Found(rows(FINDING), rows(np.int64), rows(np.int64), 0)
    return rows(np.int32), Moves(rows(MOVE), *places, beside), *where, found


@kernel(_to_judge)
def judge_pros(
    wanted: Numbers,
    all_moves: Moves,
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
    for done in range(len(wanted)):
        pro = wanted[done]
        if f.counts[0] + AT_MOST * (all_moves.starts[pro + 1] - all_moves.starts[pro]) > len(f.findings):
            return done
        judge_pro(pro, all_moves, r, d, terms, odd, movements[0], f)
        access[pro] = access_at(d.decisions, d.counts[DECISIONS], at)
    return len(wanted)


@compiled
def judge_pro(pro: int, all_moves: Moves, r: Room, d: Desk, terms: Terms, odd: Numbers, m: Record, f: Found) -> None:
    """Judge a pro from its first move on; room and desk are left as its last move leaves them."""
    order = all_moves.order[all_moves.starts[pro] : all_moves.starts[pro + 1]]
    dropped = all_moves.dropped[all_moves.firsts[pro] : all_moves.firsts[pro + 1]]
    before = f.counts[0], f.counts[1]
    gathered(r, all_moves.moves, order)
    seated(r, d, len(dropped), len(order), dropped, all_moves.beside.wholes)
    d.proposed[:] = False
    for paper in range(len(d.papers)):
        d.papers[paper].at, d.papers[paper].expired = NEVER, 0
    if not judge(pro, len(order), dropped, all_moves.beside, r, d, terms, m, f):
        odd[pro] = 1
        f.counts[0], f.counts[1] = before


@compiled
def judge(
    pro: int,
    moves: int,
    dropped: Numbers,
    beside: Beside,
    r: Room,
    d: Desk,
    terms: Terms,
    m: Record,
    f: Found,
) -> bool:
    """Let the moves of a pro count one after the other, and ask the rules. False: as for `moving.rerate`."""
    for each in range(moves):
        move = r.moves[each]
        x = wide(move.ordinal)
        if x < 0:
            if move.kind == DOCUMENT:
                document(pro, r, d, move, terms, f)
            else:
                unavailable(r, d, move, beside, m)
        elif dropped[x]:
            continue
        elif move.kind == ACCEPTED:
            begin(r, r.seats[r.entries[x].seat], x, move)
        else:
            seat = wide(r.entries[x].seat)
            policy = terms.rows[row_at(terms, move.register, move.at, r.seats[seat].city)]
            if not moved(r, d, move, x, beside, policy, m):
                return False
            if m.no_show or m.adverse or m.late or m.rating:
                ask_all(pro, r, d, seat, move, terms, policy, m, f)
    return True
