"""Missions that are out of the ordinary, told in plain Python: by `MissionHistory`, as when an event is recorded.

A few among very many, so it does not matter that this is the slower of both; and it is the definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger import adjusting
from ledger.billing import Line, line_of
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.instants import NEVER
from ledger.missions.adjustments import adjustment
from ledger.missions.facts import (
    CANCELLED,
    DURATION_MODIFIED,
    RATED,
    REQUESTED,
    TYPE_OF_KIND,
    Fact,
    Told,
)
from ledger.missions.history import MissionHistory, refused
from ledger.missions.lifecycle import SERIES_ENDED
from ledger.missions.mission import NOTHING_ADVERSE, Contribution
from ledger.policies.register import Register
from ledger.pros import decisions
from ledger.recording import unknown_mission
from projections import billing
from projections.columns.kinds import ADJUSTED
from projections.columns.names import Names
from projections.columns.numbered import EXCUSED, OF_SERIES
from projections.columns.reading import Events
from projections.touched import ignore

assert {
    kind for kind in range(len(TYPE_OF_KIND)) if billing.HANDLERS[TYPE_OF_KIND[kind]] is not ignore
} == adjusting.BEARING


class LeftOutAt(NamedTuple):
    """A fact that would now be refused, by its position in the log."""

    position: int
    refusal: Refused


class OddEvent(NamedTuple):
    """One event of an odd mission: its place in the order of telling, its position, and the fact (None: a bill's)."""

    position: int
    register: int
    fact: Fact | None


class OddMove(NamedTuple):
    """What an event made of an odd mission's contribution to a pro's figures: fields of CONTRIBUTION and AGAINST."""

    at: int
    position: int
    mission: int
    pro: int
    register: int
    gone: bool
    contribution: dict[str, int]
    against: dict[str, int]


class OddMissions:
    """The histories of odd missions, and what came of telling them."""

    def __init__(self, names: Mapping[str, Names], registers: list[Register], adjustments: Mapping[int, Entry]) -> None:
        self._names = names
        self._registers = registers
        self._adjustments = adjustments
        self._register_at: dict[int, int] = {}
        self._texts: dict[str, list[str]] = {name: each.list() for name, each in names.items()}
        self.histories: dict[int, MissionHistory] = {}
        self.moves: list[OddMove] = []
        self.left_out: list[LeftOutAt] = []
        self._touched: dict[int, int] = {}  # the register of the last fact that touched its line (`adjusting.terms`)

    def tell(self, mission: int, mission_id: str, e: Events, i: int, position: int, register: int) -> None:
        """Tell an event to its mission, and note how it moves anybody's figures."""
        self._register_at[position] = register
        history = self.histories.get(mission)
        if history is None:
            history = self.histories[mission] = MissionHistory(mission_id)
        kind = int(e.kind[i])
        try:
            if kind == ADJUSTED:
                self._adjust(history, mission, position, register)
                concerned: set[str] = set()
            else:
                concerned = self._place(history, mission, fact_of(e, i, position, self._texts), register)
        except Refused as refusal:
            self.left_out.append(LeftOutAt(position, refusal))
            return
        if kind in adjusting.BEARING and (kind != REQUESTED or concerned):
            self._touched[mission] = register

    def _known(self, history: MissionHistory) -> None:
        if not history.known:
            raise unknown_mission(history.id)

    def _adjust(self, history: MissionHistory, mission: int, position: int, register: int) -> None:
        self._known(history)
        entry = self._adjustments[position]
        change = adjustment(position, entry.at, entry.data)
        decisions.needs_statement(entry.data, "an adjustment")
        terms = self._registers[self._touched.get(mission, register)]
        adjusting.check(history.mission, change, terms, judged_at=NEVER)
        history.adjust(change)

    def _place(self, history: MissionHistory, mission: int, fact: Fact, register: int) -> set[str]:
        if fact.kind != REQUESTED:
            self._known(history)
        before = history.contributions
        refusal = history.place(fact, self._policies_at)
        if refusal is not None:
            raise refused(refusal, history, fact, self._policies_at)
        after = history.contributions
        concerned = {*before, *after, *([fact.pro] if fact.pro else [])}
        for pro in sorted(concerned):
            old, new = before.get(pro), after.get(pro)
            if old != new:
                self.moves.append(self._move(pro, mission, fact, register, new))
        return concerned

    def _policies_at(self, position: int) -> Register:
        return self._registers[self._register_at[position]]

    def _move(self, pro: str, mission: int, fact: Fact, register: int, new: Contribution | None) -> OddMove:
        names, told = self._names, self.histories[mission].mission
        contribution: dict[str, int] = {}
        against: dict[str, int] = {}
        if told.request is not None:
            contribution["city"] = names["city"].of(told.request.city)
            contribution["client"] = names["client"].of(told.request.client)
        if new is not None:
            contribution |= {name: getattr(new, name) for name in _CONTRIBUTED}
        if new is not None and new.adverse != NOTHING_ADVERSE:
            against = {name: getattr(new, name) for name in _HELD_AGAINST}
            against["of_series"] = names["series"].of(new.series)
            against |= {"asked_start": new.slot_at, "asked_end": new.slot_end}
        number = names["pro"].of(pro)
        return OddMove(fact.at, fact.position, mission, number, register, new is None, contribution, against)

    def lines(self) -> dict[int, Line]:
        """The line of each odd mission that has one."""
        found: dict[int, Line] = {}
        for mission, register in self._touched.items():
            line = line_of(self.histories[mission].mission, self._registers[register])
            if line is not None:
                found[mission] = line
        return found


_CONTRIBUTED = ("ended_at", "stars", "rated_position", "accepted_at", "accepted_position", "due_at")
_HELD_AGAINST = (
    "adverse",
    "adverse_at",
    "adverse_position",
    "confirmed_position",
    "late",
    "by_cancellation",
    "requested_at",
)
"""The fields that a contribution has in common with the records CONTRIBUTION and AGAINST."""


def fact_of(e: Events, i: int, position: int, texts: Mapping[str, list[str]]) -> Fact:
    """The fact of an event as the life cycle reads it. Labels of services are not kept in columns; none is needed."""

    def name(column: str, index: int) -> str:
        number = int(getattr(e, column)[index])
        return texts[column][number] if number >= 0 else ""

    kind, flag, detail = int(e.kind[i]), int(e.flag[i]), int(e.detail[i])
    said = Told(
        kind,
        name("pro", i),
        int(e.by[i]),
        (flag & EXCUSED) if kind == CANCELLED else 0 if kind == RATED else flag,
        int(e.minutes[i]),
        flag if kind == RATED else 0,
        int(e.when[i]),
        SERIES_ENDED if kind == CANCELLED and flag & OF_SERIES else "",
    )
    if kind == REQUESTED:
        names = (name(each, detail) for each in ("client", "city", "service", "timezone"))
        amount = name("currency", detail), int(e.amount[detail]), int(e.hourly[detail]), name("series", detail)
        request = (*names, int(e.when[i]), int(e.minutes[i]), *amount)
        said = said._replace(minutes=0, when=NEVER, request=request)
    elif kind == DURATION_MODIFIED and detail >= 0:
        said = said._replace(added=(("", int(e.amount[detail]), name("currency", detail)),))
    return Fact.of(said, int(e.at[i]), position, NEVER)
