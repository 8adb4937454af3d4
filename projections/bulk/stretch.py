"""A stretch of a batch in which nothing changes what events are placed by: its flat missions and pros at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ledger.errors import Refused
from ledger.events.sealing import seal
from ledger.pros.stream import NEUTRAL
from ledger.recording import Question
from ledger.reviews import reconsidered
from projections.bulk.courses import Told
from projections.bulk.finding import Findings
from projections.bulk.lines import ATS, PERSONAL, PROS
from projections.bulk.moving import Moves
from projections.bulk.numbers import NO_MISSION
from projections.bulk.snapshot import Snapshot
from projections.compiled import placing
from projections.compiled.missions import MOVED
from projections.compiled.records import CHANGED
from projections.compiled.telling import MOVES
from projections.compiled.terms import Terms
from projections.writing import RuleAgain

if TYPE_CHECKING:
    from projections.bulk.batch import Batch

Numbers = npt.NDArray[Any]


class Stretch:
    """The events of a batch from the place `first` on, until `behind`."""

    def __init__(self, batch: Batch, first: int, behind: int) -> None:
        self.batch = batch
        self.first = first
        self.events = batch.placement.events[first:behind]
        self.numbers = self.events["mission"]
        self.what = batch.what[first:behind]
        self.positions = batch.positions
        self.courses = batch.courses
        self.people = batch.courses.people
        self._now = first

    def place(self) -> None:
        """Place all its events, in their order."""
        batch, courses, behind = self.batch, self.courses, self.first + len(self.events)
        self.events["position"] = self.positions.begin(self.first, behind)
        self.events["register"] = register = batch.terms.register(batch.book.chronicle.latest)
        courses.room_for(len(self.events))
        terms = batch.terms.tables().terms
        courses.before = Snapshot(courses.book, self.numbers)
        courses.written.append(courses.before)
        versions = batch.versions[self.first : behind]
        placing.place(self.events, batch.placement.details, courses.book, terms, courses.versions, self.what, versions)
        self.flat = placing.flat(self.what)
        self.neutral = self._neutral()
        self._leave_to_plain([*self._by_hand(), *self._strange()])
        held = self.people.held
        of_flat_pros = self._of_flat_pros()
        added = self.people.add(courses.book, of_flat_pros)
        findings = self._judged(register, terms)
        if findings.judged.odd:
            self._leave_to_plain(findings.judged.odd)
            of_flat_pros = self._of_flat_pros()
        courses.meanwhile = self._meanwhile
        try:
            self._in_order(of_flat_pros, findings)
            self._now = behind
            self._take_odd()
        finally:
            courses.meanwhile = None
        self._remember()
        self._settle(added, held)
        courses.before = None

    # -- who is flat --------------------------------------------------------------------------------------------

    def _neutral(self) -> dict[int, int]:
        """The places of events that change nothing about flat pros but when they were last heard of, and the pros."""
        placement, number, flat = self.batch.placement, self.courses.names["pro"].number, self.people.flat
        return {
            place: number[placement.subjects[place]]
            for place in (self.first + np.flatnonzero(~self.flat)).tolist()
            if placement.types[place] in NEUTRAL and flat[number[placement.subjects[place]]] and placement.is_new(place)
        }

    def _by_hand(self) -> Iterator[int]:
        """The pros that are concerned by what plain Python places."""
        batch, missions = self.batch, self.courses.book.missions
        placement, pros, number = batch.placement, batch.lines.columns[PROS], self.courses.names["pro"].number
        for at in np.flatnonzero(~self.flat).tolist():
            place = self.first + at
            if place in self.neutral:
                continue
            subject, named = placement.subjects[place], [pros[place]]
            if placement.kind[place] == NO_MISSION:
                named.append(subject)
            elif self.numbers[at] >= 0:
                yield int(missions["pro"][self.numbers[at]])
            elif batch.book.holds(subject):
                named += [stint.pro for stint in batch.book.mission(subject).mission.stints]
            yield from (number[each] for each in named if each in number)

    def _strange(self) -> list[int]:
        """The pros of whose missions an event changes whether an earlier fact counts."""
        book = self.courses.book
        moves, whose = book.moves[: int(book.counts[MOVES])], book.whose[: int(book.counts[MOVES])]
        changed, position = moves["kind"] == CHANGED, moves["position"]
        rating = moves["city_or_rating"]
        strange = changed & (rating != 0) & (rating != position)
        beside = np.where(changed, moves["client_or_beside"], 0)
        strange |= (beside > 0) & (book.against["adverse_position"][beside] != position)
        pros: list[int] = whose[strange].tolist()
        return pros

    def _leave_to_plain(self, pros: Sequence[int]) -> None:
        leaving = [each for each in dict.fromkeys(pros) if each >= 0 and self.people.flat[each]]
        if leaving:
            self.people.give(leaving)

    def _of_flat_pros(self) -> Numbers:
        """Which moves are of pros that are kept flat."""
        book = self.courses.book
        flat: Numbers = self.people.flat[book.whose[: int(book.counts[MOVES])]]
        return flat

    # -- judging ------------------------------------------------------------------------------------------------

    def _judged(self, register: int, terms: Terms) -> Findings:
        """Let the flat pros that an event concerned know of it, and judge them."""
        batch, people, missions = self.batch, self.people, self.courses.book.missions
        at = np.flatnonzero(self.flat)
        of = missions[self.numbers[at]]
        concerned = (of["accepted_position"] > 0) & (self.events["position"][at] >= of["accepted_position"])
        concerned[concerned] = people.flat[of["pro"][concerned]]
        neutral = [(place, pro) for place, pro in self.neutral.items() if people.flat[pro]]
        pros = np.concatenate([of["pro"][concerned], np.array([pro for _, pro in neutral], np.int32)])
        places = [place - self.first for place, _ in neutral]
        ats = np.concatenate([self.events["at"][at[concerned]], self.events["at"][places]])
        np.maximum.at(people.latest, pros, ats)
        wanted = np.unique(pros)
        registers = np.full(len(wanted), register, np.int32)
        since = self.positions.begun + 1
        judged = people.judge(wanted, registers, people.latest[wanted], terms, since=since)
        batch.heard.append(wanted)
        batch.figures.append(judged.figures)
        return Findings(judged, self.first, self.positions)

    # -- in order -----------------------------------------------------------------------------------------------

    def _in_order(self, of_flat_pros: Numbers, findings: Findings) -> None:
        courses, batch = self.courses, self.batch
        personal = batch.lines.columns[PERSONAL]
        moved = np.flatnonzero(self.what == MOVED)
        plainly = np.zeros(len(self.what), np.bool_)
        plainly[moved[~of_flat_pros]] = True
        moves = Moves(courses, courses.book.moves[: len(moved)][~of_flat_pros], self.positions.recorded)
        visited = ~self.flat | plainly
        visited[[place - self.first for place in findings.places]] = True
        if any(personal[self.first : self.first + len(self.what)]):
            visited |= np.array(personal[self.first : self.first + len(self.what)], np.bool_)
        for at in np.flatnonzero(visited).tolist():
            place = self._now = self.first + at
            if not self.flat[at]:
                status = batch.by_hand(place)
                if place in self.neutral and status != "recorded" and self.people.flat[self.neutral[place]]:
                    raise RuleAgain  # its pro was judged as if it were
                continue
            number = int(self.numbers[at])
            if personal[place]:
                self._seal(place, number)
            if plainly[at]:
                self._move(place, number, moves)
            elif place in findings.places:
                self._find(place, number, findings)

    def _move(self, place: int, number: int, moves: Moves) -> None:
        """Carry over to its pro how an event moved a mission's contribution, and ask the rules."""
        batch, courses, book = self.batch, self.courses, self.batch.book
        position = book.position = self.positions.before(place) + 1
        old, new = moves.next(number, position)
        name, at = courses.pros[courses.book.missions["pro"][number]], int(batch.lines.columns[ATS][place])
        pro = book.pro(name)
        pro.heard(name, at)
        changed = reconsidered(old, new, position)
        if changed:
            batch.touched.reconsidered.update(dict.fromkeys(changed, position))
            batch.touched.reviewed.update(dict.fromkeys(pro.accounts))
        rules = batch.recording.triggered(pro, new.city, old, new, at)
        if not rules:
            return
        entries = [batch.entry(place, position)]
        batch.recording.rule(entries, entries[0], Question(pro, name, new.city, rules))
        batch.found(place, entries)

    def _find(self, place: int, number: int, findings: Findings) -> None:
        """Write down what the moves of a flat pro led to."""
        batch, courses, book = self.batch, self.courses, self.batch.book
        position = book.position = self.positions.before(place) + 1
        entries = [batch.entry(place, position)]
        name = courses.pros[courses.book.missions["pro"][number]]
        tables, cities = batch.terms.tables(), courses.names["city"].list()
        doubtful = findings.write(place, batch.recording, entries, name, tables, cities)
        batch.found_about[name] = doubtful or batch.found_about.get(name, False)
        batch.found(place, entries)

    def _seal(self, place: int, number: int) -> None:
        """Put ciphertext in the place of an event's personal text, under the key of whom `Recording` says."""
        batch, courses = self.batch, self.courses
        event = batch.lines.event(place)
        request = courses.asked[number]
        assert request is not None
        by_pro = event.type == "mission.rated" and event.doc["data"]["by"] == "pro"
        owner = courses.pros[courses.book.missions["pro"][number]] if by_pro else request.client
        try:
            sealed = event.with_doc(seal(event.doc, owner, batch.book.key(owner)))
        except Refused as error:
            raise RuleAgain from error  # it was placed already, and must not have been
        sealed.encode()
        batch.fields[place], batch.sizes[place] = sealed.encoded, sealed.size

    # -- afterwards ---------------------------------------------------------------------------------------------

    def _meanwhile(self, number: int) -> Iterator[Told]:
        """What this stretch told of a mission before the event that is being ruled on."""
        batch = self.batch
        for at in np.flatnonzero(self.flat & (self.numbers == number)).tolist():
            place = self.first + at
            if place < self._now:
                yield (
                    batch.placement.told[place],
                    int(batch.lines.columns[ATS][place]),
                    self.positions.at(place),
                )

    def _odd(self) -> Numbers:
        """Which of its events are about missions that are flat no more."""
        odd = np.zeros(len(self.numbers), np.bool_)
        there = self.numbers >= 0
        odd[there] = self.courses.book.missions["odd"][self.numbers[there]] != 0
        return odd

    def _take_odd(self) -> None:
        courses = self.courses
        for number in np.unique(self.numbers[self._odd()]).tolist():
            if courses.number.get(courses.ids[number]) == number:
                self.batch.book.mission(courses.ids[number])

    def _remember(self) -> None:
        """Keep what was told of the missions that stay flat."""
        batch = self.batch
        told, said, ats = self.courses.told, batch.placement.told, batch.lines.columns[ATS]
        kept = np.flatnonzero(self.flat & ~self._odd())
        positions = self.positions.of(self.first + kept).tolist()
        places = (self.first + kept).tolist()
        for number, place, position in zip(self.numbers[kept].tolist(), places, positions, strict=True):
            told[number].append((said[place], ats[place], position))

    def _settle(self, added: slice, held: int) -> None:
        """Give flat records the positions at which events are recorded, in place of those they were placed at."""
        book, settled = self.courses.book, self.positions.settled
        touched = np.unique(self.numbers[self.numbers >= 0])
        later = book.missions["later"][touched]
        for records, which, names in (
            (book.missions, touched, ("accepted_position", "rated_position")),
            (book.later, later[later > 0], ("adverse_position", "confirmed_position", "missed_position")),
        ):
            for name in names:
                records[name][which] = settled(records[name][which])
        self.people.settle(added, held, settled)
