"""Every event type on one screen: its model, its stream, its personal fields, and how older revisions are read.

Stable names are the wire's own (`mission.accepted`), never Python paths: a moved module must not break a replay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Union, get_args

from pydantic import Field, TypeAdapter

from ledger.errors import IntegrityBroken
from ledger.events import billing_events, invoice_events, mission_events, other_events, pro_events
from ledger.events.fields import Event

MODELS: tuple[type[Event], ...] = (
    mission_events.MissionRequested,
    mission_events.MissionRefused,
    mission_events.MissionExpired,
    mission_events.MissionAccepted,
    mission_events.MissionRescheduled,
    mission_events.MissionCancelled,
    mission_events.MissionDelayed,
    mission_events.MissionCheckedIn,
    mission_events.MissionClientAbsent,
    mission_events.MissionNoShow,
    mission_events.MissionNoShowConfirmed,
    mission_events.MissionNoShowRejected,
    mission_events.MissionCompleted,
    mission_events.MissionDurationModified,
    mission_events.MissionRated,
    mission_events.MissionDamageDeclared,
    mission_events.MissionDamageDocumentAdded,
    pro_events.ProRegistered,
    pro_events.ProDocumentVerified,
    pro_events.ProDocumentExpired,
    pro_events.ProUnavailable,
    pro_events.ProConductReported,
    pro_events.ProConductConfirmed,
    pro_events.ProConductDismissed,
    pro_events.ProAccountsLinked,
    pro_events.ProWarned,
    pro_events.ProSuspensionProposed,
    pro_events.ProSuspended,
    pro_events.ProSuspensionDismissed,
    pro_events.ProComplaintOpened,
    pro_events.ProComplaintDecided,
    pro_events.ProReinstated,
    billing_events.PeriodClosed,
    billing_events.Adjusted,
    invoice_events.InvoiceIssued,
    other_events.CityBaselinePublished,
    other_events.PolicyPublished,
    other_events.EventVoided,
    other_events.SubjectErased,
)

MODEL_OF: dict[str, type[Event]] = {get_args(model.model_fields["type"].annotation)[0]: model for model in MODELS}
TYPES: tuple[str, ...] = tuple(MODEL_OF)

ANY_EVENT: TypeAdapter[Event] = TypeAdapter(
    Annotated[Union[tuple(MODELS)], Field(discriminator="type")]  # type: ignore[arg-type]  # noqa: UP007  # a table
)

ENGINE_SOURCE = "mission-ledger/engine"
ENGINE_ONLY = frozenset({"pro.warned", "pro.suspension_proposed"})
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

REVISION: dict[str, int] = dict.fromkeys(TYPES, 1)
"""The revision of each type that this program writes."""

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
"""(type, revision) → a pure function from that revision's `data` to the next one's. A test walks it for gaps."""


def topic_of(event_type: str, revision: int | None = None) -> str:
    """The stored name of a type: bare for revision 1 (`mission.accepted`), then `mission.accepted@2`."""
    if revision is None:
        return TOPIC[event_type]
    return event_type if revision == 1 else f"{event_type}@{revision}"


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
    return f"{event_type.partition('.')[0]}/{subject}"
