"""The moves of everybody, pro by pro: those that were written down while telling, and those of the odd missions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from projections.compiled import telling
from projections.compiled.moving import Beside
from projections.compiled.odd import OddMove
from projections.compiled.pros import Moves
from projections.compiled.records import AGAINST, CONTRIBUTION, GONE, MOVE, WHOLE
from projections.compiled.telling import Book

Numbers = npt.NDArray[Any]


def by_pro(book: Book, missions: Numbers) -> Moves:
    """The moves of a telling. Those of missions that turned out to be odd say nothing."""
    firsts = np.zeros(len(book.missions_of) + 1, np.int64)
    np.cumsum(book.missions_of, out=firsts[1:])
    dropped = np.zeros(int(firsts[-1]), np.int8)
    odd = missions[(missions["odd"] != 0) & (missions["known"] != 0)]
    odd = odd[odd["ordinal"] >= 0]
    dropped[firsts[odd["pro"]] + odd["ordinal"]] = 1
    beside = Beside(book.against[: book.counts[telling.HELD_AGAINST] + 1], np.empty(0, CONTRIBUTION))
    count = int(book.counts[telling.MOVES])
    return _sorted(book.moves[:count], book.whose[:count], firsts, dropped, beside)


def with_odd(book: Book, moves: Moves, told: Sequence[OddMove], places: Callable[[Numbers], Numbers]) -> Moves:
    """The same moves and those of odd missions, each where it belongs. `places`: of positions in the order of telling.

    Every odd mission is one more mission of each of its pros.
    """
    if not told:
        return moves
    extra, whose = np.zeros(len(told), MOVE), np.empty(len(told), np.int32)
    wholes, against = np.zeros(len(told), CONTRIBUTION), np.zeros(len(told), AGAINST)
    missions_of, ordinals = book.missions_of, dict[tuple[int, int], int]()
    begun = len(moves.beside.against)
    for number, each in enumerate(told):
        ordinal = ordinals.get((each.pro, each.mission))
        if ordinal is None:
            ordinal = ordinals[each.pro, each.mission] = int(missions_of[each.pro])
            missions_of[each.pro] += 1
        move = extra[number]
        move["at"], move["position"], move["register"] = each.at, each.position, each.register
        move["ordinal"], move["client_or_beside"] = ordinal, number
        move["kind"] = GONE if each.gone else WHOLE
        whose[number] = each.pro
        for name, value in each.contribution.items():
            wholes[number][name] = value
        if each.against:
            wholes[number]["against"] = begun + number
            for name, value in each.against.items():
                against[number][name] = value
    firsts = np.zeros(len(missions_of) + 1, np.int64)
    np.cumsum(missions_of, out=firsts[1:])
    dropped = np.zeros(int(firsts[-1]), np.int8)
    of_before = np.diff(moves.firsts)
    kept = np.arange(len(moves.dropped)) - np.repeat(moves.firsts[:-1], of_before) + np.repeat(firsts[:-1], of_before)
    dropped[kept] = moves.dropped
    beside = Beside(np.concatenate([moves.beside.against, against]), wholes)
    count = len(moves.moves)
    every, all_whose = _behind(book.moves, extra, count), _behind(book.whose, whose, count)
    merged = _sorted(every, all_whose, firsts, dropped, beside)
    for pro in set(whose.tolist()):
        of_pro = merged.order[merged.starts[pro] : merged.starts[pro + 1]]
        of_pro[:] = of_pro[np.argsort(places(every["position"][of_pro]), kind="stable")]
    return merged


def _behind(room: Numbers, more: Numbers, count: int) -> Numbers:
    """The first items of an array and more behind them; nothing is copied where it has room for them."""
    if count + len(more) > len(room):
        return np.concatenate([room[:count], more])
    room[count : count + len(more)] = more
    return room[: count + len(more)]


def _sorted(moves: Numbers, whose: Numbers, firsts: Numbers, dropped: Numbers, beside: Beside) -> Moves:
    starts, order = np.empty(len(firsts), np.int64), np.empty(len(moves), np.int32)
    telling.by_pro(whose, len(moves), starts, order)
    return Moves(moves, order, starts, firsts, dropped, beside)
