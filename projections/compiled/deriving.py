"""Deriving at the second speed: the whole log told to arrays; what follows for everybody, as arrays.

The order of work: what was published becomes tables; every stretch of the log is told to its missions, which gives
moves; the odd missions are told in plain Python and give moves too; then pro after pro is judged. Persons that a human
judged, or whose accounts were linked, are left to `projections.replay.deriving` (`Told.odd`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ledger.billing import Line
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.policies.document import Policy
from ledger.policies.register import Register
from projections.columns.kinds import ADJUSTED
from projections.columns.names import Names
from projections.columns.reading import Events, Log, Source
from projections.compiled import telling, terms
from projections.compiled.billing import Biller
from projections.compiled.judging import Judging
from projections.compiled.merging import by_pro, with_odd
from projections.compiled.odd import LeftOutAt, OddMissions
from projections.compiled.pros import Moves
from projections.compiled.records import BILL, DETAIL, EVENT, GONE_EVENT
from projections.replay.assumptions import Assumptions
from projections.replay.streams import Shared

Numbers = npt.NDArray[Any]
Advance = Callable[[int, int], None]
EntriesAt = Callable[[Iterable[int]], Mapping[int, Entry]]
"""Positions → the events there."""


@dataclass(kw_only=True)
class Billed:
    """What the missions of the whole log bear. Names are numbers of `names`, missions of `ids`.

    `bills` have an item per mission; those in `lines` were told in plain Python and have none there. `odd` has an item
    per pro: whose lines are told elsewhere.
    """

    names: Mapping[str, Names]
    ids: pa.Array
    policies: list[Policy]
    missions: Numbers
    biller: Biller
    lines: dict[int, Line]
    odd: Numbers

    @cached_property
    def bills(self) -> Numbers:
        """The bill of every mission, all at once."""
        return np.concatenate([np.empty(0, BILL), *(each for _, each in self.biller.all())])

    @property
    def rates(self) -> list[Fraction]:
        """The rates that bills name by their numbers."""
        return self.biller.rates


@dataclass(kw_only=True)
class Told(Billed):
    """What follows from the facts of the whole log.

    `findings` are of those pros that are not in `odd`, in order of pro; `access` has an item per pro.
    """

    findings: Numbers
    access: Numbers
    left_out: list[LeftOutAt]
    judging: Judging

    def evidence(self, pros_asked: Sequence[int]) -> tuple[Numbers, Numbers]:
        """(findings, positions) of these pros once more, now with the evidence that `evidence` and `positions` name."""
        return self.judging.again(np.array(sorted(pros_asked), np.int32), self.findings["pro"])


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was published, as it became known in the order of telling: registers, and since which event each."""

    registers: list[Register]
    since: list[int]  # positions, or places in the order of time
    left_out: list[LeftOutAt]


def published(shared: Shared, assumed: Assumptions, place: Callable[[Entry], int]) -> Published:
    """Tell what was published. `place`: where an event stands in the order of telling."""
    chronicle = Chronicle(assumed.register())
    registers, since, left_out = [chronicle.latest], [-1], []
    for number, fact in enumerate(assumed.told(shared.published), 1):
        entry = Entry(number, fact.type, fact.subject, fact.source, fact.id, fact.at)
        entry.doc = fact.doc
        try:
            chronicle.publish(entry)
        except Refused as refusal:
            left_out.append(LeftOutAt(fact.position, refusal))
            continue
        registers.append(chronicle.latest)
        since.append(place(fact))
    return Published(registers=registers, since=since, left_out=left_out)


class Telling:
    """One telling of the log: the arrays, and what is known so far."""

    def __init__(self, source: Source, shared: Shared, assumed: Assumptions, entries_at: EntriesAt, *, at: int) -> None:
        self.shared = shared
        self.assumed = assumed
        self.entries_at = entries_at
        self.at = at
        self.log = Log(source)
        self.gone = np.array(sorted(assumed.gone), np.int64)
        extent = source.extent()
        self.span = extent.earliest, extent.latest
        self.book = telling.book(extent.missions, shared.bounds.until)
        self.rank: Numbers | None = None  # position − 1 → place in the order of time
        self.tables: terms.Tables | None = None
        self.known = (0, 0)

    # -- telling ------------------------------------------------------------------------------------------------

    def whole(self, progress: Advance) -> Told:
        """Tell everything, judge everybody."""
        self._ordered()
        until = self.shared.bounds.until
        done = 0
        for events, positions in self._stretches():
            self._tell(events, positions)
            done += len(positions)
            progress(done, until)
        return self._judged()

    def whole_beside(self, other: Telling, progress: Advance) -> tuple[Told, Told]:
        """Tell everything twice, here and in another telling of the same log, but read it once."""
        assert not self.assumed.by_time
        assert not other.assumed.by_time
        other.log = self.log
        for each in (self, other):
            each._ordered()
        for events, positions in self._stretches():
            for each in (self, other):
                each._tell(events, positions)
            progress(int(positions[-1]), self.shared.bounds.until)
        return self._judged(), other._judged()

    def bills_alone(
        self, known: Published, apart: Iterable[int], progress: Advance, *, after: int
    ) -> tuple[Billed, Numbers]:
        """Tell everything for what the missions bear, and judge nobody; and of which missions something was recorded

        after a position. `known` is what was published, as of each position. Odd missions, and those of the events at
        the positions `apart`, have no bill: they are left to whoever asks.
        """
        self.published = known
        set_apart = np.array(sorted(apart), np.int64)
        later = np.zeros(len(self.book.missions), np.bool_)
        for events, positions in self._stretches():
            self.book.counts[telling.MOVES] = 0  # moves are forgotten
            self._tell(events, positions)
            about = events.mission >= 0
            self.book.missions["odd"][events.mission[about & np.isin(positions, set_apart)]] = 1
            later[events.mission[about & (positions > after)]] = True
            progress(int(positions[-1]), self.shared.bounds.until)
        self._tables()
        assert self.tables is not None
        missions = self.book.missions[: len(self.log.mission_ids)]
        biller = Biller(missions, self.book.later, self.tables, self.log.names).everything()
        found = Billed(
            names=self.log.names,
            ids=self.log.mission_ids,
            policies=self.tables.policies,
            missions=missions,
            biller=biller,
            lines={},
            odd=np.zeros_like(self.book.judged),  # nobody's lines are told elsewhere
        )
        return found, later[: len(missions)]

    def _ordered(self) -> None:
        if self.assumed.by_time:
            self.everything = self.log.whole()
            order = np.argsort(self.everything.at, kind="stable")
            self.rank = np.empty(len(order), np.int64)
            self.rank[order] = np.arange(len(order))
            self.order = order
        rank = self.rank
        self.published = published(
            self.shared,
            self.assumed,
            (lambda entry: entry.position) if rank is None else (lambda entry: int(rank[entry.position - 1])),
        )

    def _stretches(self) -> Iterable[tuple[Events, Numbers]]:
        if self.rank is not None:
            yield self.everything.at_rows(self.order), self.order + 1
            return
        for events in self.log:
            yield events, np.arange(events.first, events.first + len(events.kind), dtype=np.int64)

    def _tell(self, events: Events, positions: Numbers) -> None:
        self._tables()
        self.book = telling.with_pros(self.book, len(self.log.names["pro"].number))
        assert self.tables is not None
        telling.tell(self._records(events, positions), filled(DETAIL, events), self.book, self.tables.terms)

    def _records(self, events: Events, positions: Numbers) -> Numbers:
        records = filled(EVENT, events)
        records["position"] = positions
        records["register"] = self._registers_at(positions)
        if len(self.gone) or self.shared.bounds.as_of is not None:
            records["kind"][self._gone_at(events, positions)] = GONE_EVENT
        return records

    def _tables(self) -> None:
        """The tables for the cities and zones named so far; made anew when there are more."""
        cities, zones = (self.log.names[each].list() for each in ("city", "timezone"))
        if self.tables is None or (len(cities), len(zones)) != self.known:
            self.tables = terms.tables(self.published.registers, cities, zones, self.span)
            self.known = len(cities), len(zones)

    def _registers_at(self, positions: Numbers) -> Numbers:
        places = self._places(positions)
        return (np.searchsorted(np.array(self.published.since), places, side="left") - 1).astype(np.int32)

    def _gone_at(self, events: Events, positions: Numbers) -> Numbers:
        gone = np.isin(positions, self.gone) if len(self.gone) else np.zeros(len(positions), np.bool_)
        if self.shared.bounds.as_of is not None:
            gone |= events.at > self.shared.bounds.as_of
        return gone

    # -- what follows -------------------------------------------------------------------------------------------

    def _judged(self) -> Told:
        self._tables()
        assert self.tables is not None
        missions = self.book.missions[: len(self.log.mission_ids)]
        biller = Biller(missions, self.book.later, self.tables, self.log.names).everything()
        odd = self._odd(missions)
        moves = self._moves(missions, odd)
        judging = Judging(self.tables.terms, moves, self.book.judged, at=self.at)
        findings = judging.everybody()
        return Told(
            names=self.log.names,
            ids=self.log.mission_ids,
            policies=self.tables.policies,
            missions=missions,
            biller=biller,
            lines=odd.lines() if odd is not None else {},
            findings=findings,
            access=judging.access,
            odd=self.book.judged,
            left_out=[*self.published.left_out, *(odd.left_out if odd is not None else ())],
            judging=judging,
        )

    def _moves(self, missions: Numbers, odd: OddMissions | None) -> Moves:
        """The moves of everybody; those of odd missions are the ones that plain Python found."""
        moves = by_pro(self.book, missions)
        if odd is None:
            return moves
        return with_odd(self.book, moves, odd.moves, self._places)

    def _places(self, positions: Numbers) -> Numbers:
        """Where the events at positions stand in the order of telling."""
        return positions if self.rank is None else self.rank[positions - 1]

    def _odd(self, missions: Numbers) -> OddMissions | None:
        """Tell the odd missions in plain Python."""
        numbers = np.flatnonzero(missions["odd"])
        if not len(numbers):
            return None
        names, ids = self.log.names, self.log.mission_ids
        chosen: list[tuple[Events, Numbers, Numbers]] = []
        for events, positions in self._stretches():
            about = (events.mission >= 0) & missions["odd"][events.mission].astype(np.bool_)
            rows = np.flatnonzero(about & ~self._gone_at(events, positions))
            if len(rows):
                chosen.append((events, positions, rows))
        adjusted = [int(positions[i]) for events, positions, rows in chosen for i in rows if events.kind[i] == ADJUSTED]
        odd = OddMissions(names, self.published.registers, self.entries_at(adjusted))
        texts = {int(number): ids[int(number)].as_py() for number in numbers}
        for events, positions, rows in chosen:
            registers = self._registers_at(positions[rows])
            for i, register in zip(rows.tolist(), registers.tolist(), strict=True):
                mission = int(events.mission[i])
                odd.tell(mission, texts[mission], events, i, int(positions[i]), register)
        return odd


def filled(record: np.dtype[Any], events: Events) -> Numbers:
    """The columns of these events, or of their details, as records."""
    columns = {name: getattr(events, name) for name in record.names or () if hasattr(events, name)}
    records = np.empty(len(next(iter(columns.values()))), record)
    for name, column in columns.items():
        records[name] = column
    return records
