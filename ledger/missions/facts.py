"""One event of a mission as a flat record that the fold reads: small integers, instants, identifiers.

Free text never gets here; the life cycle cannot depend on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from sys import intern
from typing import Any, NamedTuple

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


class Request(NamedTuple):
    """What was asked for. `price_minor` is in minor units of `currency`, per hour when `per_hour` is 1."""

    client: str
    city: str
    service: str
    timezone: str
    starts_at: int
    minutes: int
    currency: str
    price_minor: int
    per_hour: int
    series: str


class Told(NamedTuple):
    """What an event says of its mission, made of plain values, so that another process may read it out beforehand.

    `pro` is the pro named by the event, empty when none is; `flag` is excused, verified, or whether the client knows of
    a damage; `when` is the new start, the end, or the arrival in microseconds, else NEVER; `request` are the fields of
    a `Request`; `added` are services, or the estimate of a damage: (label, minor units, currency).
    """

    kind: int
    pro: str
    by: int = 0
    flag: int = 0
    minutes: int = 0
    stars: int = 0
    when: int = NEVER
    reason: str = ""
    request: tuple[Any, ...] | None = None
    added: tuple[tuple[str, int, str], ...] = ()


def told(event_type: str, at: int, data: dict[str, Any]) -> Told:
    """Read the data of an event that happened at an instant. Names that recur in millions of events are kept once."""
    kind = KIND[event_type]
    return _READERS[kind](kind, intern(data.get("pro") or ""), at, data)


class Fact:
    """One event of a mission: what it told, and where it stands.

    `at` is when it happened in microseconds; `judged_at` is the instant a deadline is measured at: the event's time, or
    the recording clock for live input. The rest is as in `Told`.
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
        self._place(told(event_type, at, data), at, position, judged_at)

    @classmethod
    def of(cls, said: tuple[Any, ...], at: int, position: int, judged_at: int) -> Fact:
        """The fact of what was read out before."""
        fact = cls.__new__(cls)
        fact._place(said, at, position, judged_at)
        return fact

    def _place(self, said: tuple[Any, ...], at: int, position: int, judged_at: int) -> None:
        self.at = at
        self.position = position
        self.judged_at = at if judged_at == NEVER else judged_at
        self.kind: int
        self.pro: str
        self.by: int
        self.flag: int
        self.minutes: int
        self.stars: int
        self.when: int
        self.reason: str
        self.added: tuple[tuple[str, int, str], ...]
        (
            self.kind,
            self.pro,
            self.by,
            self.flag,
            self.minutes,
            self.stars,
            self.when,
            self.reason,
            request,
            self.added,
        ) = said
        self.request = Request._make(request) if request is not None else None


@lru_cache(maxsize=4096)
def _recurring(kind: int, pro: str, by: int = 0, stars: int = 0) -> Told:
    """What is told again and again, made once."""
    return Told(kind, pro, by=by, stars=stars)


def _plain(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    """It says no more than that it happened."""
    return _recurring(kind, pro)


def _requested(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    price = data["price"]
    request = (
        intern(data["client"]),
        intern(data["city"]),
        intern(data["service"]),
        intern(data["timezone"]),
        parse_us(data["starts_at"]),
        data["duration_minutes"],
        intern(price["currency"]),
        to_minor(price["amount"], price["currency"]),
        1 if price["per"] == "hour" else 0,
        data.get("series") or "",
    )
    return Told(kind, pro, request=request)


def _rescheduled(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    by = _BY.get(data["by"], BY_OTHER)
    return Told(kind, pro, by=by, when=parse_us(data["starts_at"]), minutes=data.get("duration_minutes") or 0)


def _cancelled(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    return Told(kind, pro, by=_BY[data["by"]], flag=1 if data.get("excused") else 0, reason=data.get("reason") or "")


def _checked_in(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    return Told(kind, pro, flag=0 if data.get("verified") is False else 1)


def _client_absent(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    arrived = data.get("arrived_at")
    return Told(kind, pro, when=parse_us(arrived) if arrived else NEVER)


def _no_show(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    return Told(kind, pro, by=_BY[data["reported_by"]])


def _completed(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    ended = data.get("ended_at")
    return Told(kind, pro, when=parse_us(ended) if ended else at, minutes=data["duration_minutes"])


def _duration_modified(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    added = tuple(
        (
            service["label"],
            to_minor(service["price"]["amount"], service["price"]["currency"]),
            service["price"]["currency"],
        )
        for service in data.get("added") or ()
    )
    return Told(kind, pro, minutes=data["duration_minutes"], reason=data["reason"], added=added)


def _rated(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    return _recurring(kind, pro, _BY[data["by"]], data["stars"])


def _damage(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    informed, estimate = data.get("client_informed"), data.get("estimate")
    flag = 0 if informed is None else CLIENT_INFORMED if informed else CLIENT_NOT_INFORMED
    if not estimate:
        return Told(kind, pro, flag=flag)
    currency = estimate["currency"]
    return Told(kind, pro, flag=flag, added=(("estimate", to_minor(estimate["amount"], currency), currency),))


def _document(kind: int, pro: str, at: int, data: dict[str, Any]) -> Told:
    return Told(kind, pro, reason=data["kind"])


_READERS: tuple[Callable[[int, str, int, dict[str, Any]], Told], ...] = (
    _requested,
    _plain,
    _plain,
    _plain,
    _rescheduled,
    _cancelled,
    _plain,
    _checked_in,
    _client_absent,
    _no_show,
    _plain,
    _plain,
    _completed,
    _duration_modified,
    _rated,
    _damage,
    _document,
)
