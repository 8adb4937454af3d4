"""One batch on its way into the book: stretches, and between them what changes how the rest is placed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.book import Book
from ledger.entries import Entry, entry_of
from ledger.errors import LedgerError
from ledger.recording import Recording
from projections.archive import VOIDED
from projections.bulk.courses import Courses
from projections.bulk.known_terms import KnownTerms
from projections.bulk.lines import ENCODED, PROS, SIZES, Lines
from projections.bulk.naming import Named
from projections.bulk.placement import Known, Placement
from projections.bulk.positions import Positions
from projections.bulk.stretch import Stretch
from projections.compiled import placing
from projections.touched import Touched
from projections.writing import Outcome, rule_one

Numbers = npt.NDArray[Any]


class Batch:
    """One batch. `what` each event made of its mission, and `versions`, have an item for each place.

    `beside` has what is recorded at a place where that is not just one flat event, `flat` are the places of those, and
    `touched` is what they touch beside their own missions and pros. `heard` are the flat pros concerned in each
    stretch, `figures` what they had after it. `found_about`: flat pro → whether something that was found about it waits
    for a review from the start.
    """

    def __init__(
        self,
        book: Book,
        courses: Courses,
        terms: KnownTerms,
        lines: Lines,
        placement: Placement,
        known: Known,
        *,
        clock_us: int,
    ) -> None:
        self.book, self.courses, self.terms = book, courses, terms
        self.lines, self.placement, self.known = lines, placement, known
        self.recording = Recording(book, clock_us=clock_us)
        self.positions = Positions(book.position)
        self.what = np.full(len(lines), placing.APART, np.int8)
        self.versions = np.zeros(len(lines), np.int32)
        self.beside: dict[int, list[Entry]] = {}
        self.fields = list(lines.columns[ENCODED])
        self.sizes = list(lines.columns[SIZES])
        self.touched = Touched()
        self.heard: list[Numbers] = []
        self.figures: list[Numbers] = []
        self.found_about: dict[str, bool] = {}
        self.counts: Counter[str] = Counter()
        self.refused: list[tuple[int, LedgerError]] = []
        self.named = Named(lines, self.what, self.positions, self.fields, self.sizes)

    @property
    def flat(self) -> Numbers:
        """The places of flat events so far."""
        return np.flatnonzero(placing.flat(self.what))

    # -- what is needed -----------------------------------------------------------------------------------------

    def open(self, *, trusting: bool) -> None:
        """Read what the batch needs, and find out which missions are flat; `trusting`: a new one is not looked up."""
        book, courses, placement = self.book, self.courses, self.placement
        placement.repeated(book.recent, self.named, book.under_way)
        book.under_way.append(self.named)
        courses.forget(book.batch)
        beginning, missions = placement.resolve(book, courses)
        if not trusting:
            missions = [*missions, *beginning]
        pros = self._pros()
        book.open_batch([*missions, *self._adjusted()], pros)
        courses.people.meet(pros)
        courses.written = []
        if not trusting:
            beginning = {mission: place for mission, place in beginning.items() if book.release(mission)}
        placement.begin(beginning, courses)
        placement.name(courses)
        numbers = placement.events["mission"]
        courses.used[numbers[numbers >= 0]] = book.batch

    def _adjusted(self) -> list[str]:
        types, subjects = self.placement.types, self.placement.subjects
        return [subjects[place] for place in self.placement.others if types[place] == "billing.adjusted"]

    def _pros(self) -> dict[str, None]:
        placement, courses = self.placement, self.courses
        types, subjects = placement.types, placement.subjects
        pros = dict.fromkeys(self.lines.columns[PROS])
        pros |= {subjects[place]: None for place in placement.others if types[place].startswith("pro.")}
        numbers = placement.events["mission"]
        held = np.unique(courses.book.missions["pro"][numbers[numbers >= 0]])
        names = courses.pros
        pros |= {names[number]: None for number in held.tolist() if number >= 0}
        pros.pop("", None)
        return pros

    # -- placing ------------------------------------------------------------------------------------------------

    def place(self, changing: list[int]) -> None:
        """Place everything in order: stretches at once, and between them each event that changes what follows."""
        first = 0
        for place in changing:
            self._stretch(first, place)
            if self.placement.types[place] == VOIDED:
                self._give_figures(place)
            self.by_hand(place)
            first = place + 1
            self._let_go(first)
        self._stretch(first, len(self.lines))

    def _stretch(self, first: int, behind: int) -> None:
        if first < behind:
            Stretch(self, first, behind).place()

    def _give_figures(self, place: int) -> None:
        """Give the pros their figures whose mission a void changes: as they are before it."""
        void = self.lines.event(place)
        self.named.visible = place
        target = self.book.locate(void.doc["data"]["source"], void.subject)
        if target is not None and target.type.startswith("mission."):
            number = self.courses.number.get(target.subject)
            if number is None:
                pros = {stint.pro for stint in self.book.mission(target.subject).mission.stints}
            else:
                pros = {self.courses.pros[each] for each in [self.courses.book.missions["pro"][number]] if each >= 0}
            for pro in pros:
                self.book.pro(pro)

    def _let_go(self, first: int) -> None:
        """What an event took out of the flat missions is no flat mission for those from a place on."""
        numbers = self.placement.events["mission"][first:]
        gone = np.setdiff1d(numbers[numbers >= 0], self.kept(numbers[numbers >= 0]))
        numbers[np.isin(numbers, gone)] = -1

    def by_hand(self, place: int) -> str:
        """Rule on one event as if it came alone. Returns its status."""
        if self.placement.asks_by_name(place):
            self.named.visible = place
        self.book.position = self.positions.before(place)
        error = self.lines.errors.get(place)
        if error is None:
            outcome = rule_one(self.recording, self.lines.event(place), self.known)
        else:
            outcome = Outcome(status="refused", error=error)
        if outcome.error is not None:
            self.refused.append((place, outcome.error))
        self.counts[outcome.status] += 1
        self.beside[place] = [*outcome.entries]
        self.positions.shift(place, len(outcome.entries) - 1)
        return outcome.status

    def entry(self, place: int, position: int) -> Entry:
        """A flat event as the entry that it is recorded as, for what is found because of it."""
        entry = entry_of(self.lines.event(place), position)
        entry.encoded, entry.size = self.fields[place], self.sizes[place]
        entry.version = int(self.versions[place])
        return entry

    def found(self, place: int, entries: list[Entry]) -> None:
        """What is recorded at the place of a flat event: itself, and what was found because of it."""
        if len(entries) > 1:
            self.beside[place] = entries
            self.book.recent.update(((each.source, each.id), each) for each in entries[1:])
            self.positions.shift(place, len(entries) - 1)

    def kept(self, numbers: Numbers) -> Numbers:
        """Those missions that are still flat, each once."""
        each_once = np.unique(numbers)
        kept: Numbers = each_once[self.courses.here[each_once]]
        return kept
