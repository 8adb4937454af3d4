"""A pro as its own stream leaves it: access, ladders, open proposals, decisions – and the figures of its missions.

Access follows from `pro.suspended` and `pro.reinstated` alone. Findings and decisions are facts; nothing here re-judges
them. Folding is a table from event type to function, like everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ledger.chronicle import Chronicle
from ledger.instants import NEVER, SECOND, parse_us
from ledger.missions.mission import Contribution
from ledger.policies.register import Register
from ledger.pros.figures import STILL, CityFigures, Movement
from ledger.rules.figures import Ladder, NoShowFigures

ACTIVE, RESTRICTED, SUSPENDED, EXCLUDED = range(4)
ACCESS_NAMES = ("active", "restricted", "suspended", "excluded")
LASTING_LADDERS = frozenset({"no_show"})
"""Mila: « Nous ne vous avertirons qu'une seule fois »: this warning never expires."""
ACCESS_OF_KIND = {"restriction": RESTRICTED, "suspension": SUSPENDED, "termination": EXCLUDED, "exclusion": EXCLUDED}


class ProEvent(NamedTuple):
    """One event of a pro's own stream."""

    type: str
    at: int
    position: int
    id: str
    data: dict[str, Any]


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


class Pro:
    """One pro. `cities` are the figures; everything else comes from `events`, the pro's own stream."""

    __slots__ = (
        "cities",
        "complaint_open",
        "decisions",
        "events",
        "id",
        "ladder_warnings",
        "latest_at",
        "proposals",
        "reports",
        "used",
        "version",
        "voided",
        "warnings",
    )

    def __init__(self, pro_id: str) -> None:
        self.id = pro_id
        self.cities: dict[str, CityFigures] = {}
        self.events: list[ProEvent] = []
        self.voided: set[int] = set()
        self.version = 0
        self.used = 0  # the batch of the book that last used it
        self.latest_at = NEVER
        self._clear()

    def _clear(self) -> None:
        self.decisions: list[Decision] = []
        self.warnings: list[Warning] = []
        self.ladder_warnings: dict[str, list[Warning]] = {}
        self.proposals: list[ProEvent] = []
        self.reports: dict[str, ProEvent] = {}
        self.complaint_open = False

    @property
    def known(self) -> bool:
        """Whether anything was ever recorded about this pro."""
        return self.version > 0 or bool(self.cities) or self.latest_at != NEVER

    # -- the stream ---------------------------------------------------------------------------------------------

    def restore(self, events: list[ProEvent], voided: set[int], chronicle: Chronicle) -> None:
        """Set the pro to events read from its stream, in order of position."""
        self.events, self.voided, self.version = events, voided, len(events)
        self._refold(chronicle)

    def apply(self, event: ProEvent, chronicle: Chronicle) -> None:
        """Add a recorded event."""
        self.events.append(event)
        self.version += 1
        self.latest_at = max(self.latest_at, event.at)
        _EVOLVE[event.type](self, event, chronicle)

    def void(self, position: int, chronicle: Chronicle) -> None:
        """Take an event out of what counts."""
        self.voided.add(position)
        self._refold(chronicle)

    def _refold(self, chronicle: Chronicle) -> None:
        self._clear()
        for event in self.events:
            self.latest_at = max(self.latest_at, event.at)
            if event.position not in self.voided:
                _EVOLVE[event.type](self, event, chronicle)

    # -- what it says -------------------------------------------------------------------------------------------

    def decision_at(self, at: int) -> Decision | None:
        """The decision that sets access at an instant: the most severe in force, of equals the first."""
        in_force = [each for each in self.decisions if each.until == NEVER or at < each.until]
        return max(in_force, key=lambda each: each.level) if in_force else None

    def access_at(self, at: int) -> int:
        """The level of access at an instant; a restriction with an end lifts by itself."""
        decision = self.decision_at(at)
        return decision.level if decision else ACTIVE

    def ladder_at(self, name: str, at: int) -> Ladder:
        """Where the pro stands on a ladder at an instant."""
        given = self.ladder_warnings.get(name)
        if not given:
            return Ladder(0, NEVER)
        unexpired = sum(each.expires_at == NEVER or at < each.expires_at for each in given)
        return Ladder(unexpired, max(each.at for each in given))

    def no_shows(self) -> NoShowFigures:
        """Missions with a counted no-show, over all cities."""
        return NoShowFigures(sum(city.no_shows for city in self.cities.values()))

    def move(self, city: str, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        """Replace what a mission contributed to this pro's figures in a city."""
        if before == after:
            return STILL
        figures = self.cities.get(city)
        if figures is None:
            figures = self.cities[city] = CityFigures()
        movement = figures.move(before, after, window)
        if not figures.accepted:
            del self.cities[city]
        return movement


def expiry_of(at: int, data: dict[str, Any], register: Register) -> int:
    """When a warning given at an instant stops counting, by the policy then in force; NEVER: it always counts."""
    if data["ladder"] in LASTING_LADDERS:
        return NEVER
    terms = register.parameters(at, str(data["figures"].get("city") or ""))
    return at + terms.warnings_expiry_seconds * SECOND


# -- what each event of the stream does -------------------------------------------------------------------------


def _nothing(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """Recorded and shown; it moves no access and no ladder."""


def _warned(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    data = event.data
    expires_at = expiry_of(event.at, data, chronicle.at(event.position))
    warning = Warning(event, data["ladder"], data["rule"], event.at, expires_at, event.position)
    pro.warnings.append(warning)
    pro.ladder_warnings.setdefault(warning.ladder, []).append(warning)


def _proposed(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.proposals.append(event)


def _suspended(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    until = event.data.get("until")
    level = ACCESS_OF_KIND[event.data["kind"]]
    pro.decisions.append(Decision(event, level, parse_us(until) if until else NEVER))
    named = event.data.get("proposal")
    pro.proposals = [each for each in pro.proposals if named is not None and each.id != named]


def _dismissed(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.proposals = []


def _reinstated(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """Access is back; ladders start anew, and no-shows that count stay."""
    pro.decisions = []
    pro.proposals = []
    pro.ladder_warnings = {}


def _reported(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.reports[event.id] = event


def _complaint_opened(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.complaint_open = True


def _complaint_decided(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.complaint_open = False


_EVOLVE: dict[str, Callable[[Pro, ProEvent, Chronicle], None]] = {
    "pro.registered": _nothing,
    "pro.document_verified": _nothing,
    "pro.document_expired": _nothing,
    "pro.unavailable": _nothing,
    "pro.conduct_reported": _reported,
    "pro.conduct_confirmed": _nothing,
    "pro.conduct_dismissed": _nothing,
    "pro.accounts_linked": _nothing,
    "pro.warned": _warned,
    "pro.suspension_proposed": _proposed,
    "pro.suspended": _suspended,
    "pro.suspension_dismissed": _dismissed,
    "pro.complaint_opened": _complaint_opened,
    "pro.complaint_decided": _complaint_decided,
    "pro.reinstated": _reinstated,
}
HANDLED = frozenset(_EVOLVE)
