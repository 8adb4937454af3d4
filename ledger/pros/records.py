"""The flat records a pro is made of: the events of its stream, warnings, decisions, reports, unavailabilities."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.missions.mission import Contribution

ACTIVE, RESTRICTED, SUSPENDED, EXCLUDED = range(4)
ACCESS_NAMES = ("active", "restricted", "suspended", "excluded")
LASTING_LADDERS = frozenset({"no_show"})
"""Mila: « Nous ne vous avertirons qu'une seule fois »: this warning never expires."""
ACCESS_OF_KIND = {"restriction": RESTRICTED, "suspension": SUSPENDED, "termination": EXCLUDED, "exclusion": EXCLUDED}


DOCUMENTS_EXPIRED = "documents.expired"


def conduct_rule(ground: str) -> str:
    """The id of the rule about a ground of conduct."""
    return f"conduct.{ground}"


class ProEvent(NamedTuple):
    """One event of a pro's own stream; `account` is the pro it names. Source and id together name the event."""

    type: str
    at: int
    position: int
    id: str
    account: str
    data: dict[str, Any]
    source: str


class Warning(NamedTuple):
    """A warning given: which ladder and rule, when, and until when it counts (NEVER: for good)."""

    event: ProEvent
    ladder: str
    rule: str
    at: int
    expires_at: int
    position: int


class Decision(NamedTuple):
    """A `pro.suspended` in force: its level of access, and the instant it ends by itself (NEVER: it does not)."""

    event: ProEvent
    level: int
    until: int


class Report(NamedTuple):
    """A report of conduct and what a person ruled on it (None: nobody has yet)."""

    event: ProEvent
    ground: str
    ruling: ProEvent | None

    @property
    def confirmed(self) -> bool:
        """Whether a person found it true."""
        return self.ruling is not None and self.ruling.type == "pro.conduct_confirmed"


class Unavailability(NamedTuple):
    """A span in which the pro said, at an instant, that it cannot work."""

    starts_at: int
    ends_at: int
    declared_at: int
    position: int

    def excuses(self, each: Contribution) -> bool:
        """Whether a mission was requested inside it, after it had been declared."""
        return self.declared_at < each.requested_at and each.slot_at < self.ends_at and self.starts_at < each.slot_end
