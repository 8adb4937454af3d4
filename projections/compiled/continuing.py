"""Judging pros whose moves go on: those of a batch on its way in, behind all that were kept of the batches before.

A pro is judged from its first move on each time: quicker than to keep its room, and there is one way of judging. Beside
what is found it says the figures that the pro has then, city by city.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.rules.figures import RateFigures, RatingFigures
from projections.compiled import desk, seats, windows
from projections.compiled.asking import AT_MOST
from projections.compiled.compiling import compiled, kernel, rows
from projections.compiled.desk import SEATS, Desk
from projections.compiled.evidence import Found
from projections.compiled.moving import MOVEMENT, Beside
from projections.compiled.pros import Moves, judge_pro
from projections.compiled.records import AGAINST, CONTRIBUTION, FINDING, MOVE
from projections.compiled.seats import Room
from projections.compiled.terms import Terms, nothing, row_at

Numbers = npt.NDArray[Any]

FIGURES_WRITTEN = (*RateFigures._fields, *RatingFigures._fields, "late")
FIGURES = np.dtype(
    [
        *((name, "i8") for name in FIGURES_WRITTEN),
        ("missed", "i8"),  # no-shows of the pro in all cities
        ("pro", "i4"),
        ("city", "i4"),
    ],
    align=True,
)
"""The figures of a pro in a city. `FIGURES_WRITTEN` are those that `projections.standing` shows, in its order."""


@kernel(lambda: (rows(np.int32), 0, 0, rows(np.int32), rows(np.int32), rows(np.int32)))
def link(whose: Numbers, first: int, many: int, previous: Numbers, last: Numbers, count: Numbers) -> None:
    """Moves from a place on, behind the last ones of their pros: `previous` of each, `last` and `count` by pro."""
    for each in range(many):
        pro = whose[each]
        previous[first + each] = last[pro]
        last[pro] = first + each
        count[pro] += 1


@kernel(lambda: (rows(np.int32), rows(np.int32), rows(np.int32), rows(np.int64), rows(np.int32)))
def in_order(wanted: Numbers, last: Numbers, previous: Numbers, starts: Numbers, order: Numbers) -> None:
    """The moves of these pros, each one's from its first one on at `starts[pro]`."""
    for each in range(len(wanted)):
        pro = wanted[each]
        place, move = starts[pro + 1], last[pro]
        while move >= 0:
            place -= 1
            order[place] = move
            move = previous[move]


def _to_judge() -> tuple[Any, ...]:
    places = rows(np.int32), rows(np.int64), rows(np.int64), rows(np.int8)
    moves = Moves(rows(MOVE), *places, Beside(rows(AGAINST), rows(CONTRIBUTION)))
    where = seats.room(0), desk.desk(0), nothing(), rows(np.int8), rows(MOVEMENT)
    found = Found(rows(FINDING), rows(np.int64), rows(np.int64), 0)
    return rows(np.int32), rows(np.int32), rows(np.int64), 0, moves, *where, found, rows(FIGURES), rows(np.int64)


@kernel(_to_judge)
def judge_on(
    wanted: Numbers,
    registers: Numbers,
    ats: Numbers,
    since: int,
    all_moves: Moves,
    r: Room,
    d: Desk,
    terms: Terms,
    odd: Numbers,
    movements: Numbers,
    f: Found,
    figures: Numbers,
    shown: Numbers,
) -> int:
    """Judge these pros; keeps the findings caused from the position `since` on, and the figures of each pro.

    Those are as of an instant, by the policies of a register. `odd` gets whom plain Python must judge; nothing of them
    is kept. `shown[0]` counts the figures. Returns how many were judged, as `judge_pros` does.
    """
    for done in range(len(wanted)):
        pro = wanted[done]
        moves = all_moves.starts[pro + 1] - all_moves.starts[pro]
        if f.counts[0] + AT_MOST * moves > len(f.findings) or shown[0] + moves > len(figures):
            return done
        before = f.counts[0]
        judge_pro(pro, all_moves, r, d, terms, odd, movements[0], f)
        if odd[pro]:
            continue
        only_since(f, before, since)
        show(pro, r, d, terms, registers[done], ats[done], figures, shown)
    return len(wanted)


@compiled
def only_since(f: Found, first: int, since: int) -> None:
    """Keep of the findings from a place on those that were caused from a position on."""
    kept = first
    for each in range(first, f.counts[0]):
        if f.findings[each].position >= since:
            f.findings[kept] = f.findings[each]
            kept += 1
    f.counts[0] = kept


@compiled
def show(pro: int, r: Room, d: Desk, terms: Terms, register: int, at: int, figures: Numbers, shown: Numbers) -> None:
    """Write down the figures of a pro in each of its cities."""
    missed = 0
    for seat in range(d.counts[SEATS]):
        missed += r.seats[seat].no_shows
    for seat in range(d.counts[SEATS]):
        s = r.seats[seat]
        if s.accepted == 0:
            continue
        policy = terms.rows[row_at(terms, register, at, s.city)]
        rate = windows.rate(r, s, policy, at)
        rating = windows.rating(r.rated, s, policy.rating_window)
        row = figures[shown[0]]
        shown[0] += 1
        row.pro, row.city, row.missed = pro, s.city, missed
        row.accepted, row.cancelled, row.no_shows = rate.accepted, rate.cancelled, rate.no_shows
        row.rated, row.stars = rating.rated, rating.stars
        row.late = windows.late(r, s, policy, at).late
