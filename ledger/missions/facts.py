"""One event of a mission as a flat record that the fold reads: small integers, instants, identifiers.

Free text never gets here; the life cycle cannot depend on it.
"""

from __future__ import annotations

from typing import Any

from ledger.instants import NEVER, parse_us
from ledger.money import to_minor

(
    REQUESTED,
    REFUSED,
    EXPIRED,
    ACCEPTED,
    RESCHEDULED,
    CANCELLED,
    DELAYED,
    CHECKED_IN,
    CLIENT_ABSENT,
    NO_SHOW,
    NO_SHOW_CONFIRMED,
    NO_SHOW_REJECTED,
    COMPLETED,
    DURATION_MODIFIED,
    RATED,
    DAMAGE_DECLARED,
    DAMAGE_DOCUMENT_ADDED,
) = range(17)

KIND: dict[str, int] = {
    "mission.requested": REQUESTED,
    "mission.refused": REFUSED,
    "mission.expired": EXPIRED,
    "mission.accepted": ACCEPTED,
    "mission.rescheduled": RESCHEDULED,
    "mission.cancelled": CANCELLED,
    "mission.delayed": DELAYED,
    "mission.checked_in": CHECKED_IN,
    "mission.client_absent": CLIENT_ABSENT,
    "mission.no_show": NO_SHOW,
    "mission.no_show_confirmed": NO_SHOW_CONFIRMED,
    "mission.no_show_rejected": NO_SHOW_REJECTED,
    "mission.completed": COMPLETED,
    "mission.duration_modified": DURATION_MODIFIED,
    "mission.rated": RATED,
    "mission.damage_declared": DAMAGE_DECLARED,
    "mission.damage_document_added": DAMAGE_DOCUMENT_ADDED,
}
TYPE_OF_KIND: tuple[str, ...] = tuple(KIND)

BY_PRO, BY_CLIENT, BY_PLATFORM, BY_OTHER = 1, 2, 3, 4
CLIENT_INFORMED, CLIENT_NOT_INFORMED = 1, 2  # 0: a damage declaration does not say
_BY = {"pro": BY_PRO, "client": BY_CLIENT, "platform": BY_PLATFORM}


class Request:
    """What was asked for. `price_minor` is in minor units of `currency`, per hour when `per_hour` is 1."""

    __slots__ = (
        "city",
        "client",
        "currency",
        "minutes",
        "per_hour",
        "price_minor",
        "series",
        "service",
        "starts_at",
        "timezone",
    )

    def __init__(self, data: dict[str, Any]) -> None:
        price = data["price"]
        self.client: str = data["client"]
        self.city: str = data["city"]
        self.service: str = data["service"]
        self.timezone: str = data["timezone"]
        self.starts_at = parse_us(data["starts_at"])
        self.minutes: int = data["duration_minutes"]
        self.currency: str = price["currency"]
        self.price_minor = to_minor(price["amount"], self.currency)
        self.per_hour = 1 if price["per"] == "hour" else 0
        self.series: str = data.get("series") or ""


class Fact:
    """One event of a mission.

    `at` and `when` are microseconds (`when`: the new start, the end, or the arrival, else NEVER); `judged_at` is the
    instant a deadline is measured at: the event's time, or the recording clock for live input; `flag` is excused,
    verified, or whether the client knows of a damage; `added` are services, or the estimate of a damage: (label, minor
    units, currency); `pro` is the pro named by the event, empty when none is.
    """

    __slots__ = (
        "added",
        "at",
        "by",
        "flag",
        "judged_at",
        "kind",
        "minutes",
        "position",
        "pro",
        "reason",
        "request",
        "stars",
        "when",
    )

    def __init__(self, event_type: str, at: int, position: int, data: dict[str, Any], judged_at: int = NEVER) -> None:
        self.kind = KIND[event_type]
        self.at = at
        self.judged_at = at if judged_at == NEVER else judged_at
        self.position = position
        get = data.get
        self.pro: str = get("pro") or ""
        self.by = 0
        self.flag = 0
        self.minutes = 0
        self.stars = 0
        self.when = NEVER
        self.reason = ""
        self.request: Request | None = None
        self.added: tuple[tuple[str, int, str], ...] = ()
        reader = _READERS[self.kind]
        if reader is not None:
            reader(self, data)


def _requested(fact: Fact, data: dict[str, Any]) -> None:
    fact.request = Request(data)


def _rescheduled(fact: Fact, data: dict[str, Any]) -> None:
    fact.by = _BY.get(data["by"], BY_OTHER)
    fact.when = parse_us(data["starts_at"])
    fact.minutes = data.get("duration_minutes") or 0


def _cancelled(fact: Fact, data: dict[str, Any]) -> None:
    fact.by = _BY[data["by"]]
    fact.flag = 1 if data.get("excused") else 0
    fact.reason = data.get("reason") or ""


def _checked_in(fact: Fact, data: dict[str, Any]) -> None:
    fact.flag = 0 if data.get("verified") is False else 1


def _client_absent(fact: Fact, data: dict[str, Any]) -> None:
    arrived = data.get("arrived_at")
    fact.when = parse_us(arrived) if arrived else NEVER


def _no_show(fact: Fact, data: dict[str, Any]) -> None:
    fact.by = _BY[data["reported_by"]]


def _completed(fact: Fact, data: dict[str, Any]) -> None:
    ended = data.get("ended_at")
    fact.when = parse_us(ended) if ended else fact.at
    fact.minutes = data["duration_minutes"]


def _duration_modified(fact: Fact, data: dict[str, Any]) -> None:
    fact.minutes = data["duration_minutes"]
    fact.reason = data["reason"]
    fact.added = tuple(
        (
            service["label"],
            to_minor(service["price"]["amount"], service["price"]["currency"]),
            service["price"]["currency"],
        )
        for service in data.get("added") or ()
    )


def _rated(fact: Fact, data: dict[str, Any]) -> None:
    fact.by = _BY[data["by"]]
    fact.stars = data["stars"]


def _damage(fact: Fact, data: dict[str, Any]) -> None:
    informed, estimate = data.get("client_informed"), data.get("estimate")
    if informed is not None:
        fact.flag = CLIENT_INFORMED if informed else CLIENT_NOT_INFORMED
    if estimate:
        currency = estimate["currency"]
        fact.added = (("estimate", to_minor(estimate["amount"], currency), currency),)


def _document(fact: Fact, data: dict[str, Any]) -> None:
    fact.reason = data["kind"]


_READERS: tuple[Any, ...] = (
    _requested,
    None,
    None,
    None,
    _rescheduled,
    _cancelled,
    None,
    _checked_in,
    _client_absent,
    _no_show,
    None,
    None,
    _completed,
    _duration_modified,
    _rated,
    _damage,
    _document,
)
