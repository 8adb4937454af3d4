"""What a replay assumes: how much was known, up to when, in which order, without which events, under which policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.entries import Entry
from ledger.instants import NEVER
from ledger.policies.policy import Policy
from ledger.policies.register import Register

ALWAYS = NEVER - 1
"""Before every instant, also the one that is not known."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Which events there are: those recorded up to a position, that happened up to an instant (None: any)."""

    until: int
    as_of: int | None = None

    def hold(self, entry: Entry) -> bool:
        """Whether an event is within."""
        return entry.position <= self.until and (self.as_of is None or entry.at <= self.as_of)


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """How the events are told: `gone` are the positions of facts that never happened (voided, or taken away).

    `by_time`: in the order they happened (of two at one instant, the one recorded first) instead of the order they were
    recorded in. `policy` is in force from `policy_from` on instead of what was published.
    """

    gone: frozenset[int] = field(default_factory=frozenset)
    by_time: bool = False
    policy: Policy | None = None
    policy_from: int = ALWAYS

    def told(self, facts: Iterable[Entry]) -> list[Entry]:
        """The facts that happened, in the order they are told in."""
        kept = [each for each in facts if each.position not in self.gone]
        kept.sort(key=_happened if self.by_time else _recorded)
        return kept

    def register(self) -> Register:
        """What is in force before anything is published."""
        return Register(assumed=(self.policy_from, self.policy) if self.policy is not None else None)


def _happened(entry: Entry) -> tuple[int, int]:
    return entry.at, entry.position


def _recorded(entry: Entry) -> int:
    return entry.position
