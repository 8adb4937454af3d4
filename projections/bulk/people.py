"""Pros whose figures are kept beside a book, as the moves of their missions, and judged by machine code.

A pro begins here of whom no mission is known yet, and leaves for good as soon as anything but a flat mission concerns
it: then it is given its figures. Its own stream is in the book all the time, with all that the engine finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.book import Book
from ledger.instants import NEVER
from ledger.pros.pro import Pro
from ledger.pros.stream import NEUTRAL
from ledger.store.log import LAST
from projections.compiled import asking, continuing, desk, moving, seats, telling
from projections.compiled.continuing import FIGURES, FIGURES_WRITTEN
from projections.compiled.desk import Desk
from projections.compiled.evidence import room_for
from projections.compiled.judging import by_acceptance
from projections.compiled.moving import Beside
from projections.compiled.pros import Moves
from projections.compiled.records import AGAINST, CHANGED, CONTRIBUTION, FINDING, MOVE
from projections.compiled.seats import Room
from projections.compiled.terms import Terms

if TYPE_CHECKING:
    from projections.bulk.courses import Courses

Numbers = npt.NDArray[Any]
_SPARE = 20_000  # findings that there is room for beside those of one pro


class Judged(NamedTuple):
    """What the moves of a stretch led to: findings with the positions of their evidence, and the figures afterwards."""

    findings: Numbers  # FINDING
    evidence: Numbers
    figures: Numbers  # FIGURES
    odd: list[int]  # pros that only plain Python can judge


class Shown:
    """The figures that were written last, by pro and city."""

    def __init__(self) -> None:
        self._keys = np.empty(0, np.int64)
        self._rows = np.empty(0, FIGURES)

    def changed(self, figures: Numbers) -> Numbers:
        """Those of some figures, one of each pro and city, that are others than were written; they are from now on."""
        keys = figures["pro"].astype(np.int64) << 32 | figures["city"]
        places = np.searchsorted(self._keys, keys)
        known = places < len(self._keys)
        known[known] = self._keys[places[known]] == keys[known]
        differ = ~known
        for name in FIGURES_WRITTEN:
            differ[known] |= self._rows[name][places[known]] != figures[name][known]
        self._rows[places[known]] = figures[known]
        new = np.flatnonzero(~known)
        new = new[np.argsort(keys[new])]
        self._keys = np.insert(self._keys, places[new], keys[new])
        self._rows = np.insert(self._rows, places[new], figures[new])
        anew: Numbers = figures[differ]
        return anew


class People:
    """The pros by number. `flat` says whose figures are kept here, `latest` when those were last heard of.

    `shown` are the figures written last, and `missed` the no-shows (-1: the pro was not written yet).
    """

    def __init__(self, book: Book, courses: Courses) -> None:
        self.book = book
        self.many = 0  # moves that are kept, also of pros who left
        self.flat = np.zeros(0, np.bool_)
        self.latest = np.zeros(0, np.int64)
        self.missed = np.zeros(0, np.int64)
        self.shown = Shown()
        self._courses = courses
        self._moves = np.empty(0, MOVE)
        self._previous = np.empty(0, np.int32)
        self._last = np.empty(0, np.int32)
        self._count = np.empty(0, np.int32)
        self._against = np.zeros(1, AGAINST)
        self._held = 0
        self._rooms: dict[bool, tuple[Room, Desk]] = {}

    # -- who is here --------------------------------------------------------------------------------------------

    def meet(self, names: Iterable[str]) -> None:
        """Give some pros, which the book holds, their numbers; those who are new and have no missions yet are flat."""
        numbers = self._courses.names["pro"]
        first = len(self.flat)
        for name in names:
            numbers.of(name)
        more = len(numbers.number) - first
        if not more:
            return
        self.flat = np.concatenate([self.flat, np.zeros(more, np.bool_)])
        self.latest = np.concatenate([self.latest, np.full(more, NEVER)])
        self.missed = np.concatenate([self.missed, np.full(more, -1)])
        self._last = np.concatenate([self._last, np.full(more, -1, np.int32)])
        self._count = np.concatenate([self._count, np.zeros(more, np.int32)])
        for name in self._courses.pros[first:]:
            pro = self.book.stream_of(name)
            if _nothing_but_neutral(pro):
                pro.beside = self.flat[numbers.number[name]] = True
                self.latest[numbers.number[name]] = pro.latest_at

    def let_go(self, names: Iterable[str]) -> None:
        """Keep the figures of these pros no longer."""
        numbers = self._courses.names["pro"].number
        for name in names:
            number = numbers.get(name, -1)
            if 0 <= number < len(self.flat):
                self.flat[number] = False

    def give(self, pros: Sequence[int]) -> None:
        """Give these pros their figures, as they were before the stretch that is being placed."""
        courses, names = self._courses, self._courses.pros
        moved = [names[each] for each in pros if self._count[each]]
        contributions = self.book.contributions(moved) if moved else {}
        for name, contribution in courses.contributions(moved):
            contributions[name][contribution.mission] = contribution
        for number in pros:
            self.flat[number] = False
            pro = self.book.stream_of(names[number])
            pro.beside = False
            pro.heard(names[number], int(self.latest[number]))
            pro.take_on(list(contributions.get(names[number], {}).values()))

    # -- their moves --------------------------------------------------------------------------------------------

    def add(self, book: telling.Book, chosen: Numbers) -> slice:
        """Keep some of the moves of a stretch; where they are."""
        moves, whose = book.moves[: len(chosen)][chosen], book.whose[: len(chosen)][chosen]
        held = int(book.counts[telling.HELD_AGAINST])
        beside = (moves["kind"] == CHANGED) & (moves["client_or_beside"] > 0)
        moves["client_or_beside"][beside] += self._held
        if self._held + held + 1 > len(self._against):
            self._against = _longer(self._against, self._held + held + 1)
        self._against[self._held + 1 : self._held + held + 1] = book.against[1 : held + 1]
        self._held += held
        first, self.many = self.many, self.many + len(moves)
        if self.many > len(self._moves):
            self._moves, self._previous = _longer(self._moves, self.many), _longer(self._previous, self.many)
        self._moves[first : self.many] = moves
        continuing.link(whose, first, len(moves), self._previous, self._last, self._count)
        return slice(first, self.many)

    def settle(self, added: slice, held: int, settled: Any) -> None:
        """Give moves, and what was held against pros since `held`, the positions that `settled` makes of theirs."""
        moves, against = self._moves[added], self._against[held + 1 : self._held + 1]
        rated = moves["kind"] == CHANGED
        moves["position"] = settled(moves["position"])
        moves["city_or_rating"][rated] = settled(moves["city_or_rating"][rated])
        for name in ("adverse_position", "confirmed_position"):
            against[name] = settled(against[name])

    @property
    def held(self) -> int:
        """How many records of what is held against pros are kept."""
        return self._held

    # -- judging ------------------------------------------------------------------------------------------------

    def judge(self, wanted: Numbers, registers: Numbers, ats: Numbers, terms: Terms, *, since: int) -> Judged:
        """Judge these pros. Of what is found, what events from a position on caused; figures as of an instant each."""
        odd = np.zeros(len(self.flat), np.int8)
        findings, figures = self._judged(wanted, registers, ats, terms, odd, since)
        again = np.unique(findings["pro"]) if len(findings) else np.empty(0, np.int32)
        found, evidence = (
            self._with_evidence(again, findings, terms, since) if len(again) else (findings, _NO_POSITIONS)
        )
        return Judged(found, evidence, figures, np.flatnonzero(odd).tolist())

    def _judged(
        self, wanted: Numbers, registers: Numbers, ats: Numbers, terms: Terms, odd: Numbers, since: int
    ) -> tuple[Numbers, Numbers]:
        moves, room = self._of(wanted), self._room(wanted, ordered=by_acceptance(terms))
        most = int(self._count[wanted].max(initial=0))
        found = room_for(asking.AT_MOST * most + _SPARE, 0, since=LAST)
        figures, shown = np.empty(int(self._count[wanted].sum()) + len(wanted), FIGURES), np.zeros(1, np.int64)
        findings, done = [np.empty(0, FINDING)], 0
        while done < len(wanted):
            rest = wanted[done:], registers[done:], ats[done:]
            done += self._judge(*rest, since, moves, *room, terms, odd, found, figures, shown)
            findings.append(found.findings[: found.counts[0]].copy())
            found.counts[:] = 0
        return np.concatenate(findings), figures[: shown[0]]

    def _with_evidence(self, pros: Numbers, found: Numbers, terms: Terms, since: int) -> tuple[Numbers, Numbers]:
        """(findings, positions of their evidence) of pros about whom so much was found."""
        moves, room = self._of(pros), self._room(pros, ordered=True)
        many = self._count[pros].astype(np.int64)
        of_pro = np.bincount(np.searchsorted(pros, found["pro"]), minlength=len(pros))
        # A finding names a mission three times at most: accepted, cancelled or missed, confirmed.
        positions = int((3 * (many + 1) * (of_pro + 1)).sum())
        again = room_for(len(found) + asking.AT_MOST * int(many.max()), positions, since=since)
        figures, odd = np.empty(int(many.sum()) + len(pros), FIGURES), np.zeros(len(self.flat), np.int8)
        nothing = np.zeros(len(pros), np.int32), np.zeros(len(pros), np.int64)
        self._judge(pros, *nothing, since, moves, *room, terms, odd, again, figures, np.zeros(1, np.int64))
        return again.findings[: again.counts[0]], again.evidence[: again.counts[1]]

    def _judge(self, *arguments: Any) -> int:
        *before, found, figures, shown = arguments
        return continuing.judge_on(*before, np.zeros(1, moving.MOVEMENT), found, figures, shown)

    def _of(self, wanted: Numbers) -> Moves:
        """The moves of these pros."""
        many, missions = np.zeros(len(self.flat) + 1, np.int64), np.zeros(len(self.flat) + 1, np.int64)
        many[wanted + 1] = self._count[wanted]
        missions[wanted + 1] = self._courses.book.missions_of[wanted]
        starts, firsts = np.cumsum(many), np.cumsum(missions)
        order = np.empty(int(starts[-1]), np.int32)
        continuing.in_order(wanted, self._last, self._previous, starts, order)
        beside = Beside(self._against, np.empty(0, CONTRIBUTION))
        return Moves(self._moves, order, starts, firsts, np.zeros(int(firsts[-1]), np.int8), beside)

    def _room(self, wanted: Numbers, *, ordered: bool) -> tuple[Room, Desk]:
        """Room for the moves of any of these pros. `ordered`: somebody asks which missions were accepted when."""
        most = int(self._count[wanted].max(initial=0))
        if ordered not in self._rooms or most > len(self._rooms[ordered][0].moves):
            self._rooms[ordered] = seats.room(2 * most, ordered=ordered), desk.desk(2 * most)
        return self._rooms[ordered]


_NO_POSITIONS = np.empty(0, np.int64)


def _nothing_but_neutral(pro: Pro) -> bool:
    """Whether no mission is known of a pro, nor anything that concerns what missions count for."""
    own = all(each.type in NEUTRAL for each in pro.events)
    return own and not (pro.cities or pro.voided) and len(pro.accounts) == 1


def _longer(array: Numbers, wanted: int) -> Numbers:
    """An array with room for so many items, and some more."""
    longer = np.zeros(wanted + wanted // 2 + 1024, array.dtype)
    longer[: len(array)] = array
    return longer
