"""All events of one mission, kept in the order they happened, and what a newcomer does to them.

An event that arrives late is placed at its `time` and the mission is folded again. It is refused when it contradicts
what is known; only few kinds of recorded event yield to it and are set aside instead: a no-show (a timely
cancellation, or the session itself, came first), a rating (the mission turned out not to be eligible), and a proposal
that lapsed (it never counts, so it cannot keep an acceptance out).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from ledger.errors import Refused
from ledger.instants import to_text
from ledger.missions import refusals as no
from ledger.missions.adjustments import Adjustment
from ledger.missions.attendance import absent_from
from ledger.missions.facts import (
    CHECKED_IN,
    DAMAGE_DECLARED,
    DAMAGE_DOCUMENT_ADDED,
    DELAYED,
    DURATION_MODIFIED,
    EXPIRED,
    NO_SHOW,
    RATED,
    REFUSED,
    REQUESTED,
    Fact,
)
from ledger.missions.lifecycle import TRANSITIONS
from ledger.missions.mission import COMPLETED, STATE_NAMES, Contribution, Mission
from ledger.missions.session import change_refusal, closes_at
from ledger.policies.register import Register

PoliciesAt = Callable[[int], Register]
"""`Chronicle.at`: the policies as they were known when the event at a position was recorded."""

YIELDING = frozenset({NO_SHOW, RATED, REFUSED, EXPIRED})
UNCOUNTED = frozenset({REFUSED, EXPIRED, DELAYED, CHECKED_IN, DAMAGE_DECLARED, DAMAGE_DOCUMENT_ADDED})
"""Kinds that never change what a mission contributes to anybody's figures."""


NONE: Mapping[int, int] = MappingProxyType({})


class Refusal(NamedTuple):
    """Why a newcomer cannot be placed: a reason of `refusals`, and the recorded event it contradicts, if any."""

    reason: int
    other: Fact | None = None


class MissionHistory:
    """The facts of a mission and the state they lead to. `version` counts every event of its stream."""

    __slots__ = (
        "adjustments",
        "archived",
        "billed",
        "contributions",
        "facts",
        "flagged",
        "id",
        "known",
        "mission",
        "overruled",
        "shown",
        "used",
        "version",
        "voided",
    )

    def __init__(self, mission_id: str) -> None:
        self.id = mission_id
        self.facts: list[Fact] = []
        self.adjustments: list[Adjustment] | tuple[()] = ()
        self.version = 0
        self.used = 0  # the batch of the book that last used it
        self.voided: Mapping[int, int] = NONE  # position of a voided event → of its void; hardly any mission has some
        self.overruled: Mapping[int, int] = NONE  # position → reason: what a late arrival set aside
        self.mission = Mission(mission_id)
        self.contributions: dict[str, Contribution] = {}
        self.shown: dict[str, Contribution] = {}  # the contributions its projection was last written with
        self.archived = False  # whether projections may hold rows of it that are not in `shown`
        self.billed = False  # whether its billing line was written since it was made
        self.known = False  # whether a request that still stands is recorded
        self.flagged = False  # whether it has, or had, an anomaly since it was read

    def restore(
        self,
        facts: list[Fact],
        voided: Mapping[int, int],
        policies_at: PoliciesAt,
        adjustments: Iterable[Adjustment] = (),
    ) -> None:
        """Set the history to facts, and adjustments of the bill, read from the log."""
        self.archived = True
        self.facts = sorted(facts, key=_order)
        self.adjustments = list(adjustments)
        self.version = len(facts)
        self.voided = voided
        self._refold(policies_at)

    def place(self, fact: Fact, policies_at: PoliciesAt) -> Refusal | None:
        """Add a fact at its time; on refusal nothing changes."""
        facts = self.facts
        if self.known and fact.at < self.mission.requested_at:
            return Refusal(no.BEFORE_REQUEST)
        if fact.kind == DURATION_MODIFIED and self.mission.state == COMPLETED:
            reason = change_refusal(self.mission, fact, policies_at(fact.position))
            if reason:
                return Refusal(reason)
        if not facts or fact.at >= facts[-1].at:
            reason = TRANSITIONS[fact.kind](self.mission, fact, policies_at(fact.position))
            if reason:
                return Refusal(reason)
            facts.append(fact)
            self.mission.latest_at = fact.at
            if fact.kind == REQUESTED and len(facts) > 1:
                self._refold(policies_at)
            if fact.kind in UNCOUNTED and not self.mission.anomalies:
                self.version += 1
                return None
        else:
            index = bisect_right(facts, fact.at, key=_time)
            changed = [*facts[:index], fact, *facts[index:]]
            mission, overruled = _fold(self.id, changed, self.voided, policies_at)
            if fact.position in overruled:
                return Refusal(overruled[fact.position])
            other = self._contradicted(mission, overruled)
            if other is not None:
                return Refusal(no.CONTRADICTS_LATER, other)
            self.facts, self.mission, self.overruled = changed, mission, overruled
        self.version += 1
        self._settle()
        return None

    def _contradicted(self, mission: Mission, overruled: Mapping[int, int]) -> Fact | None:
        """The first recorded fact that a newcomer contradicts: it no longer fits, or loses the acceptance it had."""
        lost = set(_unheld(mission)) - set(_unheld(self.mission))
        for other in self.facts:
            newly = other.position in overruled and other.position not in self.overruled
            if (newly and other.kind not in YIELDING) or other.position in lost:
                return other
        return None

    def adjust(self, adjustment: Adjustment) -> None:
        """Add an adjustment of the closed bill. It is no step of the mission: nothing but the bill follows from it."""
        self.adjustments = [*self.adjustments, adjustment]
        self.mission.adjustments = (*self.mission.adjustments, adjustment)

    def void(self, position: int, void: int, policies_at: PoliciesAt) -> None:
        """Take a fact or an adjustment out of what counts, by the void at a position; it is then as if never told."""
        self.voided = {**self.voided, position: void}
        self._refold(policies_at)

    def _refold(self, policies_at: PoliciesAt) -> None:
        self.mission, self.overruled = _fold(self.id, self.facts, self.voided, policies_at)
        self._settle()

    def _settle(self) -> None:
        mission = self.mission
        if self.adjustments:
            mission.adjustments = tuple(each for each in self.adjustments if each.position not in self.voided)
        self.known = mission.request is not None
        contributions = mission.contributions()
        if contributions != self.contributions:
            self.contributions = contributions
        if mission.anomalies:
            self.flagged = True


def _unheld(mission: Mission) -> list[int]:
    return [position for position, code in mission.anomalies if code.endswith("_without_acceptance")]


def _order(fact: Fact) -> tuple[int, int]:
    return fact.at, fact.position


def _time(fact: Fact) -> int:
    return fact.at


class Step(NamedTuple):
    """One fact in its order: the mission after it, who held it before, and why it does not count (0: it does)."""

    fact: Fact
    mission: Mission
    holder: str
    reason: int


def walk(mission_id: str, facts: list[Fact], voided: Collection[int], policies_at: PoliciesAt) -> Iterator[Step]:
    """The facts in the order they happened, each with what it did; voided ones are left out."""
    mission = Mission(mission_id)
    for fact in facts:
        if fact.position in voided:
            continue
        holder = mission.holder.pro if mission.holder is not None else ""
        if mission.request is None and fact.kind != REQUESTED:
            reason = no.BEFORE_REQUEST
        else:
            reason = TRANSITIONS[fact.kind](mission, fact, policies_at(fact.position))
        if not reason:
            mission.latest_at = fact.at
        yield Step(fact, mission, holder, reason)


def _fold(
    mission_id: str, facts: list[Fact], voided: Collection[int], policies_at: PoliciesAt
) -> tuple[Mission, dict[int, int]]:
    """The mission after these facts in order, and the facts that contradict what came before them."""
    mission = Mission(mission_id)
    overruled: dict[int, int] = {}
    set_aside: list[tuple[int, str]] = []
    for step in walk(mission_id, facts, voided, policies_at):
        mission = step.mission
        if step.reason:
            overruled[step.fact.position] = step.reason
            if step.fact.kind not in (REFUSED, EXPIRED):  # these count for nothing anyway
                set_aside.append((step.fact.position, no.REFUSALS[step.reason][0]))
    mission.set_aside += set_aside
    return mission, overruled


def refused(refusal: Refusal, history: MissionHistory, fact: Fact, policies_at: PoliciesAt) -> Refused:
    """The refusal as an error with its code and one line for people, on how things stood at the fact's time."""
    told = [each for each in history.facts if each.at <= fact.at]
    mission = _fold(history.id, told, history.voided, policies_at)[0]
    code, template = no.REFUSALS[refusal.reason]
    details = {"mission": mission.id, "pro": fact.pro, "state": STATE_NAMES[mission.state].replace("_", " ")}
    details["holder"] = mission.holder.pro if mission.holder else "nobody"
    for name, at in (
        ("requested_at", history.mission.requested_at),
        ("starts_at", mission.starts_at),
        ("ended_at", mission.ended_at),
    ):
        details[name] = to_text(at)
    if refusal.reason == no.CLOSED:
        details["closes_at"] = to_text(closes_at(mission, policies_at(fact.position)))
    if refusal.reason == no.WAIT_TOO_SHORT:
        wait = policies_at(fact.position).parameters(fact.at, mission.city).client_absent_wait_seconds
        details["wait"] = f"{wait // 60}"
        details["absent_from"] = to_text(absent_from(mission, fact, policies_at(fact.position)))
    if mission.request is not None:
        details["currency"] = mission.request.currency
    if refusal.other is not None:
        details["other"] = f"of {to_text(refusal.other.at)}"
        details["position"] = str(refusal.other.position)
    return Refused(code, template.format_map(details), mission=mission.id)
