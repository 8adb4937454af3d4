"""The actions on a mission, as they arrive (contract, section 2). The subject is the mission."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ledger.events.fields import (
    AddedService,
    Event,
    EventId,
    Identifier,
    Instant,
    Minutes,
    Money,
    PersonalText,
    PersonName,
    Price,
    Record,
    ShortText,
)


class ByHolder(Record):
    """What the pro who holds the mission does may name that pro; another's name is refused with `not_assigned`."""

    pro: Identifier | None = None


class RequestedData(Record):
    client: Identifier
    city: Identifier
    service: Identifier
    starts_at: Instant
    timezone: Annotated[str, Field(max_length=64)]
    duration_minutes: Minutes
    price: Price
    series: Identifier | None = None
    address: PersonalText | None = None
    comment: PersonalText | None = None


class MissionRequested(Event):
    """A client asks for a mission at a place and time."""

    type: Literal["mission.requested"]
    data: RequestedData


class ProposalData(Record):
    pro: Identifier
    reason: ShortText | None = None


class MissionRefused(Event):
    """A pro declines. Never counted: Wecasa 2, « Refuser ou rater une mission ne bloque pas votre compte »."""

    type: Literal["mission.refused"]
    data: ProposalData


class ExpiredData(Record):
    pro: Identifier
    reason: Literal["no_answer", "taken_by_other"] | None = None


class MissionExpired(Event):
    """A proposal lapsed unanswered or was taken by another pro. Never counted."""

    type: Literal["mission.expired"]
    data: ExpiredData


class AcceptedData(Record):
    pro: Identifier


class MissionAccepted(Event):
    """A pro commits to a mission (Wecasa 8: « Accepter une mission vous engage ! »)."""

    type: Literal["mission.accepted"]
    data: AcceptedData


class RescheduledData(ByHolder):
    by: PersonName
    starts_at: Instant
    duration_minutes: Minutes | None = None


class MissionRescheduled(Event):
    """The start moves. Never counted (Wecasa 8: « essayez de reprogrammer au lieu d'annuler »)."""

    type: Literal["mission.rescheduled"]
    data: RescheduledData


class CancelledData(ByHolder):
    by: Literal["pro", "client", "platform"]
    reason: ShortText | None = None
    excused: bool | None = None


class MissionCancelled(Event):
    """Somebody calls the mission off; only a pro's unexcused cancellation counts."""

    type: Literal["mission.cancelled"]
    data: CancelledData


class DelayedData(ByHolder):
    minutes: Annotated[int, Field(gt=0, le=7 * 24 * 60)]


class MissionDelayed(Event):
    """The pro announced being late."""

    type: Literal["mission.delayed"]
    data: DelayedData


class CheckedInData(ByHolder):
    verified: bool | None = None


class MissionCheckedIn(Event):
    """The pro checked in on site; `verified` is true unless the place could not be confirmed."""

    type: Literal["mission.checked_in"]
    data: CheckedInData


class ClientAbsentData(ByHolder):
    arrived_at: Instant | None = None


class MissionClientAbsent(Event):
    """The client was not there, declared by the pro after waiting (Wecasa 6)."""

    type: Literal["mission.client_absent"]
    data: ClientAbsentData


class NoShowData(Record):
    reported_by: Literal["client", "platform"]


class MissionNoShow(Event):
    """The pro did not come (Mila: « un rendez-vous manqué sans nous en avoir averti au préalable »)."""

    type: Literal["mission.no_show"]
    data: NoShowData


class NoShowRulingData(Record):
    by: PersonName
    reason: ShortText | None = None


class MissionNoShowConfirmed(Event):
    """A person decided that a reported no-show happened."""

    type: Literal["mission.no_show_confirmed"]
    data: NoShowRulingData


class MissionNoShowRejected(Event):
    """A person decided that a reported no-show did not happen."""

    type: Literal["mission.no_show_rejected"]
    data: NoShowRulingData


class CompletedData(ByHolder):
    duration_minutes: Minutes
    ended_at: Instant | None = None


class MissionCompleted(Event):
    """The session took place and ended."""

    type: Literal["mission.completed"]
    data: CompletedData


class DurationModifiedData(ByHolder):
    duration_minutes: Minutes
    reason: Literal["longer", "shorter", "service_added"]
    added: Annotated[tuple[AddedService, ...], Field(max_length=50, strict=False)] | None = None


class MissionDurationModified(Event):
    """The billed duration changes, until billing closes (Wecasa 4)."""

    type: Literal["mission.duration_modified"]
    data: DurationModifiedData


class RatedData(Record):
    by: Literal["client", "pro"]
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: PersonalText | None = None


class MissionRated(Event):
    """One side rates the other, one to five whole stars; only client → pro counts."""

    type: Literal["mission.rated"]
    data: RatedData


class DamageDeclaredData(ByHolder):
    description: PersonalText
    estimate: Money | None = None
    client_informed: bool | None = None


class MissionDamageDeclared(Event):
    """Something was damaged, declared in good faith; never counted (Wecasa 7)."""

    type: Literal["mission.damage_declared"]
    data: DamageDeclaredData


class DamageDocumentData(Record):
    kind: Literal["sworn_statement", "no_other_insurance", "client_statement", "invoice"]
    reference: EventId


class MissionDamageDocumentAdded(Event):
    """A document of the damage file arrived."""

    type: Literal["mission.damage_document_added"]
    data: DamageDocumentData
