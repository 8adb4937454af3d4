"""Every event type on one screen: its revision, its stream, its personal fields, and how older revisions are read.

Stable names are the wire's own (`mission.accepted`), never Python paths: a moved module must not break a replay.
Their models are in `models.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from ledger.errors import IntegrityBroken

REVISION: dict[str, int] = {
    "mission.requested": 1,
    "mission.refused": 1,
    "mission.expired": 1,
    "mission.accepted": 1,
    "mission.rescheduled": 1,
    "mission.cancelled": 1,
    "mission.delayed": 1,
    "mission.checked_in": 1,
    "mission.client_absent": 1,
    "mission.no_show": 1,
    "mission.no_show_confirmed": 1,
    "mission.no_show_rejected": 1,
    "mission.completed": 1,
    "mission.duration_modified": 1,
    "mission.rated": 1,
    "mission.damage_declared": 1,
    "mission.damage_document_added": 1,
    "pro.registered": 1,
    "pro.document_verified": 1,
    "pro.document_expired": 1,
    "pro.unavailable": 1,
    "pro.conduct_reported": 1,
    "pro.conduct_confirmed": 1,
    "pro.conduct_dismissed": 1,
    "pro.accounts_linked": 1,
    "pro.warned": 1,
    "pro.suspension_proposed": 1,
    "pro.suspended": 1,
    "pro.suspension_dismissed": 1,
    "pro.complaint_opened": 1,
    "pro.complaint_decided": 1,
    "pro.reinstated": 1,
    "billing.period_closed": 1,
    "billing.adjusted": 1,
    "invoice.issued": 1,
    "city.baseline_published": 1,
    "policy.published": 1,
    "ledger.event_voided": 1,
    "ledger.subject_erased": 1,
}
"""Every type, in the order of `MODELS`, and the revision of it that this program writes."""

TYPES: tuple[str, ...] = tuple(REVISION)

ENGINE_SOURCE = "mission-ledger/engine"
WARNED, PROPOSED, SUSPENDED = "pro.warned", "pro.suspension_proposed", "pro.suspended"
"""What the engine finds, and what it or a person decides."""
ENGINE_ONLY = frozenset({WARNED, PROPOSED})
"""Types that only the engine writes; from outside they are refused with `human_required`."""
MADE_BY: dict[str, str] = {
    "billing.period_closed": "billing close",
    "billing.adjusted": "adjust",
    "invoice.issued": "invoice issue",
}
"""Types whose content only a command can work out, and that command; `record` and `import` refuse them."""

# Which fields hold personal text, and whose key seals them: the client or the pro of the mission, or the subject.
PERSONAL: dict[str, dict[str, str]] = {
    "mission.requested": {"address": "client", "comment": "client"},
    "mission.rated": {"comment": "author"},
    "mission.damage_declared": {"description": "client"},
    "pro.registered": {"name": "subject", "email": "subject"},
    "pro.conduct_reported": {"description": "subject"},
    "pro.complaint_opened": {"text": "subject"},
    "invoice.issued": {"buyer": "pro"},
}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(type, revision) → a pure function from that revision's `data` to the next one's. A test walks it for gaps."""


OF_MISSIONS = ("mission.", "billing.adjusted")
"""How the types begin whose subject is a mission."""


def topic_of(event_type: str, revision: int | None = None) -> str:
    """The stored name of a type: bare for revision 1 (`mission.accepted`), then `mission.accepted@2`."""
    if revision is None:
        return TOPIC[event_type]
    return event_type if revision == 1 else f"{event_type}@{revision}"


def topics_of(event_types: Iterable[str]) -> list[str]:
    """The stored names of types, of today's and of all older revisions."""
    return [topic_of(name, number) for name in event_types for number in range(1, REVISION[name] + 1)]


TOPIC: dict[str, str] = {name: topic_of(name, revision) for name, revision in REVISION.items()}


def type_of(topic: str) -> tuple[str, int]:
    """(type, revision) of a stored name."""
    name, _, number = topic.partition("@")
    return name, int(number) if number else 1


def upcast(topic: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data in the shape of today's revision; what is stored never changes."""
    name, revision = type_of(topic)
    if not 1 <= revision <= REVISION.get(name, 0):
        raise IntegrityBroken("unknown_revision", f"{topic} is not known to this program; upgrade mission-ledger")
    for step in range(revision, REVISION[name]):
        data = UPCASTERS[name, step](data)
    return data


def stream_of(event_type: str, subject: str) -> str:
    """The stream an event belongs to: `mission/m-41`, `pro/p-7`, `billing/2026-03`, `ledger/e-9`."""
    return f"{_aggregate(event_type)}/{subject}"


@cache
def _aggregate(event_type: str) -> str:
    return event_type.partition(".")[0]
