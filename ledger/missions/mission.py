"""The state of one mission after some of its events, and what it contributes to each pro's figures."""

from __future__ import annotations

from typing import NamedTuple

from ledger.instants import MINUTE, NEVER
from ledger.missions.adjustments import Adjustment
from ledger.missions.facts import BY_PRO, Fact, Request

OPEN, HELD, CANCELLED, COMPLETED, CLIENT_ABSENT = range(5)
STATE_NAMES = ("open", "held", "cancelled", "completed", "client_absent")

NOTHING_ADVERSE, PRO_CANCELLED, PRO_NO_SHOW = range(3)


class Contribution(NamedTuple):
    """What one mission adds to one pro's figures in the mission's city.

    Sorts by completion, then mission, which is the order of the rating window whatever the order of arrival.
    `ended_at` is NEVER, `stars` 0 and `client` empty while the mission has no rating that counts. `adverse` is the
    worst outcome: nothing, a counted cancellation, or a counted no-show. `due_at` is when the mission is due or ended,
    the earlier. The last fields are set only beside an adverse outcome: the series it ended, if any, when the mission
    was requested and for which slot, and whether it came of the pro's own cancellation.
    """

    ended_at: int
    mission: str
    stars: int
    rated_position: int
    client: str
    city: str
    accepted_at: int
    accepted_position: int
    adverse: int
    adverse_at: int
    adverse_position: int
    confirmed_position: int
    late: int
    due_at: int
    series: str
    requested_at: int
    slot_at: int
    slot_end: int
    by_cancellation: int


RATED_FIELDS = 5
"""How many of the first fields of a contribution are about its rating; the sixth is the city."""


class Stint:
    """One pro's hold on the mission, from acceptance until cancellation, no-show or the end."""

    __slots__ = (
        "accepted_at",
        "accepted_position",
        "adverse",
        "adverse_at",
        "adverse_position",
        "by_cancellation",
        "confirmed_position",
        "late",
        "pro",
        "series",
    )

    def __init__(self, pro: str, accepted_at: int, accepted_position: int) -> None:
        self.pro = pro
        self.accepted_at = accepted_at
        self.accepted_position = accepted_position
        self.adverse = NOTHING_ADVERSE
        self.adverse_at = NEVER
        self.adverse_position = 0
        self.confirmed_position = 0
        self.late = 0
        self.by_cancellation = 0
        self.series = ""

    def cancel(self, at: int, position: int, *, late: bool, series: str) -> None:
        """The pro called it off; `series`: as one of a recurring order that ended."""
        self.adverse, self.adverse_at, self.adverse_position = PRO_CANCELLED, at, position
        self.late = 1 if late else 0
        self.by_cancellation = 1
        self.series = series


class NoShow:
    """A reported no-show of one stint: who reported it, whether it counts, and how it was decided.

    `by_cancellation`: the pro cancelled at or after the start; whatever is decided, that remains a cancellation.
    """

    __slots__ = ("at", "by_cancellation", "disputed", "position", "reporters", "ruled", "stint")

    def __init__(self, stint: Stint, at: int, position: int, reporter: int, disputed: bool) -> None:
        self.stint = stint
        self.at = at
        self.position = position
        self.reporters = {reporter}
        self.by_cancellation = reporter == BY_PRO
        self.disputed = disputed
        self.ruled = 0  # 0 undecided, 1 confirmed, 2 rejected


class Damage(NamedTuple):
    """The first declaration of a damage on a mission, and how many there were. Never part of any figure.

    `pro` held the mission (empty: nobody is known to). `client_informed` is None and `currency` empty where the
    declaration does not say; `estimate_minor` is in minor units.
    """

    pro: str
    at: int
    position: int
    client_informed: bool | None
    estimate_minor: int
    currency: str
    declarations: int


class Mission:
    """A mission as its events leave it. The life cycle (`lifecycle.py`) is all that changes it."""

    __slots__ = (
        "added",
        "adjustments",
        "anomalies",
        "checked_in_at",
        "city",
        "completed_position",
        "damage",
        "damage_documents",
        "duration_position",
        "early_changes",
        "ended_at",
        "holder",
        "id",
        "judged_start",
        "latest_at",
        "minutes",
        "no_show",
        "pro_rated",
        "rated_position",
        "rating_counts",
        "request",
        "requested_at",
        "set_aside",
        "stars",
        "starts_at",
        "state",
        "state_at",
        "stints",
        "timezone",
    )

    def __init__(self, mission_id: str) -> None:
        self.id = mission_id
        self.request: Request | None = None
        self.city = ""
        self.timezone = ""
        self.requested_at = NEVER
        self.starts_at = NEVER
        self.judged_start = NEVER  # the start that lateness is measured against
        self.minutes = 0
        self.added: tuple[tuple[str, int, str], ...] = ()
        self.adjustments: tuple[Adjustment, ...] = ()  # of the bill, once it had closed; in the order of the log
        self.state = OPEN
        self.state_at = NEVER
        self.stints: list[Stint] = []
        self.holder: Stint | None = None
        self.checked_in_at = NEVER  # a verified check-in by the present holder
        self.no_show: NoShow | None = None
        self.ended_at = NEVER
        self.completed_position = 0
        self.duration_position = 0
        self.early_changes: list[Fact] = []  # of the duration, told before the completion was
        self.stars = 0
        self.rated_position = 0
        self.rating_counts = False
        self.pro_rated = False
        self.damage: Damage | None = None
        self.damage_documents: tuple[str, ...] = ()
        self.latest_at = NEVER
        self.anomalies: list[tuple[int, str]] = []
        self.set_aside: list[tuple[int, str]] = []

    def forget_ratings(self) -> None:
        """Another pro, or nobody, has the mission now: what was rated before is not about it."""
        self.stars = self.rated_position = 0
        self.rating_counts = self.pro_rated = False

    def contributions(self) -> dict[str, Contribution]:
        """pro → what this mission adds to that pro's figures; empty until somebody accepted it."""
        if not self.stints:
            return {}
        if len(self.stints) == 1:
            stint = self.stints[0]
            return {stint.pro: self._contribution(stint, stint)}
        first: dict[str, Stint] = {}
        worst: dict[str, Stint] = {}
        for stint in self.stints:
            first.setdefault(stint.pro, stint)
            if stint.pro not in worst or _severity(stint) > _severity(worst[stint.pro]):
                worst[stint.pro] = stint
        return {pro: self._contribution(first[pro], worst[pro]) for pro in first}

    def _contribution(self, first: Stint, worst: Stint) -> Contribution:
        counted = (
            self.rating_counts
            and self.state == COMPLETED
            and self.holder is not None
            and self.holder.pro == first.pro
            and self.holder.adverse != PRO_NO_SHOW  # else a person decided that the pro was not there
        )
        ended = self.state in (COMPLETED, CANCELLED, CLIENT_ABSENT)
        request, adverse = self.request, worst.adverse != NOTHING_ADVERSE
        assert request is not None
        return Contribution(
            self.ended_at if counted else NEVER,
            self.id,
            self.stars if counted else 0,
            self.rated_position if counted else 0,
            request.client if counted else "",
            self.city,
            first.accepted_at,
            first.accepted_position,
            worst.adverse,
            worst.adverse_at,
            worst.adverse_position,
            worst.confirmed_position,
            worst.late,
            min(self.starts_at, self.state_at) if ended else self.starts_at,
            worst.series if worst.adverse == PRO_CANCELLED else "",
            self.requested_at if adverse else NEVER,
            request.starts_at if adverse else NEVER,
            request.starts_at + request.minutes * MINUTE if adverse else NEVER,
            worst.by_cancellation if adverse else 0,
        )


def united(parts: list[Contribution]) -> Contribution:
    """One mission that several accounts of one person accepted: it counts once, with its worst outcome."""
    if len(parts) == 1:
        return parts[0]
    first = min(parts, key=lambda each: (each.accepted_at, each.accepted_position))
    worst = min(parts, key=lambda each: (-2 * each.adverse - each.late, each.adverse_at, each.adverse_position))
    rated = max(parts, key=lambda each: each.ended_at)
    return worst._replace(
        ended_at=rated.ended_at,
        stars=rated.stars,
        rated_position=rated.rated_position,
        client=rated.client,
        accepted_at=first.accepted_at,
        accepted_position=first.accepted_position,
        due_at=first.due_at,
    )


def _severity(stint: Stint) -> int:
    """No-show over late cancellation over cancellation (domain, 1D: at most one adverse outcome a mission)."""
    return 2 * stint.adverse + stint.late
