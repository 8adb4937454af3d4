"""Which events of a batch are placed into flat missions, and which are left to plain Python, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.ahead import CLOCK_SKEW
from ledger.archive import Located, UnderWay
from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import ENGINE_SOURCE
from ledger.missions.facts import COMPLETED, DAMAGE_DECLARED, DURATION_MODIFIED, REQUESTED, Told
from ledger.recording import SIDES
from projections.archive import LINKED, PUBLISHED, VOIDED
from projections.bulk.courses import Courses
from projections.bulk.lines import Lines
from projections.bulk.naming import Name, Named
from projections.bulk.numbers import NO_MISSION, RECORD
from projections.bulk.numbers import numbers as numbers_of
from projections.columns.numbered import sum_of
from projections.compiled.placing import BY_HAND
from projections.compiled.records import DETAIL, EVENT

Numbers = npt.NDArray[Any]
Known = Mapping[tuple[str, str], Located | Entry]

CHANGING = frozenset({*PUBLISHED, VOIDED, LINKED, "ledger.subject_erased", "billing.adjusted"})
"""Types that change what later events are placed by, or missions that were placed: what is before them comes first."""
_DETAILED = (REQUESTED, DURATION_MODIFIED, DAMAGE_DECLARED)
_REQUEST, _ADDED = Told._fields.index("request"), Told._fields.index("added")


class Placement:
    """The events of a batch as records for `placing.place`, `position` apart. `names` are (source, id) of each line.

    `kind` is the kind of every line, `others` the places of those about no mission; `mission` is its flat mission, -1
    where plain Python places it.
    """

    def __init__(self, lines: Lines, known: Known, *, clock_us: int) -> None:
        types, self.subjects, sources, ids, ats, pros, bys, personal, _, _, _, _, self.told = lines.columns
        count = len(lines)
        self.types: Sequence[str] = types
        self.names = list(zip(sources, ids, strict=True))
        self._pros: Sequence[str] = pros
        packed = lines.numbers if lines.numbers is not None else numbers_of(self.told)
        said = np.frombuffer(packed, np.dtype([*RECORD]))
        self.events = np.zeros(count, EVENT)
        for name in ("when", "minutes", "kind", "by", "flag"):
            self.events[name] = said[name]
        self.events["at"] = ats
        self.events["detail"] = -1
        self.kind: Numbers = said["kind"]
        self.others: list[int] = np.flatnonzero(self.kind == NO_MISSION).tolist()
        self._ahead = self.events["at"] > clock_us + CLOCK_SKEW
        self.apart = (self.kind == NO_MISSION) | self._ahead
        if ENGINE_SOURCE in sources:
            self.apart |= np.fromiter(map(ENGINE_SOURCE.__eq__, sources), np.bool_, count)
        if known:  # to compare a text it is sealed, and that asks for the mission
            there = np.fromiter((name in known for name in self.names), np.bool_, count)
            sealed = np.array(personal, np.bool_)
            self.events["kind"][there & sealed] = BY_HAND
            self.apart |= there & ~sealed
        if not SIDES.issuperset(bys):
            self.events["kind"][[place for place, by in enumerate(bys) if by not in SIDES]] = BY_HAND
        self.details = np.zeros(0, DETAIL)
        self._known = known
        self._repeated: set[int] = set()

    def repeated(self, recent: Mapping[Name, object], named: Named, under_way: Iterable[UnderWay]) -> None:
        """What has the name of an event of this batch, or of one on its way, is known only when its turn comes."""
        on_their_way = [each for each in under_way if not isinstance(each, Named) or each.holds_any(self.names)]
        if not named.repeated and not on_their_way and recent.keys().isdisjoint(self.names):
            return
        seen = set[Name]()
        for place, name in enumerate(self.names):
            if name in seen or name in recent or any(each.get(name) for each in on_their_way):
                self.events["kind"][place] = BY_HAND
                self._repeated.add(place)
            seen.add(name)

    def is_new(self, place: int) -> bool:
        """Whether nothing has the name of an event, it comes from outside, and does not lie ahead."""
        known = place in self._repeated or self.names[place] in self._known
        return not known and not self._ahead[place] and self.names[place][0] != ENGINE_SOURCE

    def asks_by_name(self, place: int) -> bool:
        """Whether ruling on an event looks others up by their names: its own, or those that it is about."""
        return place in self._repeated or bool(self.kind[place] == NO_MISSION)

    def span(self) -> tuple[int, int] | None:
        """The earliest and the latest instant that something is looked up at; None without an event of a mission."""
        flat = self.events[~self.apart]
        if not len(flat):
            return None
        ended = flat["when"][flat["kind"] == COMPLETED]
        return int(min(flat["at"].min(), ended.min(initial=2**62))), int(max(flat["at"].max(), ended.max(initial=0)))

    def changing(self) -> list[int]:
        """The places of events of the CHANGING types."""
        return [place for place in self.others if self.types[place] in CHANGING]

    def resolve(self, book: Book, courses: Courses) -> tuple[dict[str, int], list[str]]:
        """Find the flat mission of each event.

        Returns the missions that may begin here, each with the place of its request, and those of the book.
        """
        numbers = self._numbered(self.subjects, courses.number)
        numbers[self.apart] = -1
        self.events["mission"] = numbers
        beginning: dict[str, int] = {}
        of_book: dict[str, None] = {}
        requested = (self.events["kind"] == REQUESTED) & ~self.apart
        unresolved = np.flatnonzero((numbers < 0) & (self.kind != NO_MISSION))
        for place, begins in zip(unresolved.tolist(), requested[unresolved].tolist(), strict=True):
            mission = self.subjects[place]
            if mission not in beginning and mission not in of_book and mission not in courses.number:
                if begins and not book.holds(mission):
                    beginning[mission] = place
                else:
                    of_book[mission] = None
        return beginning, list(of_book)

    def begin(self, missions: Mapping[str, int], courses: Courses) -> None:
        """Make flat missions of some that `resolve` said may begin."""
        courses.begin(list(missions), [self.told[place][_REQUEST] for place in missions.values()])
        places = np.flatnonzero((self.events["mission"] < 0) & ~self.apart)
        self.events["mission"][places] = self._numbered(
            [self.subjects[each] for each in places.tolist()], courses.number
        )

    def name(self, courses: Courses) -> None:
        """Give the pros, cities … of what is placed flat their numbers, and make the details."""
        flat = self.events["mission"] >= 0
        self.events["pro"] = np.where(flat, self._numbered(self._pros, courses.names["pro"].number), -1)
        details: list[tuple[int, ...]] = []
        places: list[int] = []
        for place in np.flatnonzero(flat & np.isin(self.kind, _DETAILED)).tolist():
            said = self.told[place]
            if said[_REQUEST] is not None:
                details.append(_asked(said[_REQUEST], courses))
                places.append(place)
            elif said[_ADDED]:
                currency, amount = sum_of(said[_ADDED])
                details.append((amount, -1, -1, -1, -1, courses.names["currency"].of(currency), -1, 0))
                places.append(place)
        self.details = np.array(details, DETAIL)
        self.events["detail"][places] = np.arange(len(places))

    def _numbered(self, names: Sequence[str], number: Mapping[str, int]) -> Numbers:
        """The number of each name, -1 where it has none."""
        return np.fromiter(map(number.get, names, repeat(-1)), np.int32, len(names))


def _asked(request: tuple[Any, ...], courses: Courses) -> tuple[int, ...]:
    """The record of DETAIL of a request."""
    client, city, service, timezone, _, _, currency, amount, hourly, series = request
    names = courses.names
    return (
        amount, names["client"].of(client), names["city"].of(city), names["service"].of(service),
        names["timezone"].of(timezone), names["currency"].of(currency), names["series"].of(series), hourly,
    )  # fmt: skip
