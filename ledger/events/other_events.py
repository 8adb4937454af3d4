"""The events of cities, policies, and of the ledger itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ledger.events import patterns
from ledger.events.fields import Event, EventId, Instant, PersonName, Ratio, Record, ShortText


class BaselineData(Record):
    average_cancellation_rate: Ratio
    maximum_cancellation_rate: Ratio
    minimum_rating: Ratio
    pros: Annotated[int, Field(ge=0)]
    period: Annotated[str, Field(max_length=64)] | None = None
    # What `city compute` adds: whose figures they are, and the fraction behind the average.
    computed_from: Literal["city", "national"] | None = None
    counted: Annotated[int, Field(ge=0)] | None = None
    accepted: Annotated[int, Field(ge=0)] | None = None


class CityBaselinePublished(Event):
    """The averages of a city, given or computed; they act on what is evaluated after they were recorded."""

    type: Literal["city.baseline_published"]
    data: BaselineData


class PolicyPublishedData(Record):
    version: Annotated[str, Field(min_length=1, max_length=64, pattern=patterns.VERSION)]
    effective_from: Instant
    notified_at: Instant | None = None
    forced: bool | None = None
    document: dict[str, Any]


class PolicyPublished(Event):
    """A version of the policy, whole, with the instant from which it is in force."""

    type: Literal["policy.published"]
    data: PolicyPublishedData


class EventVoidedData(Record):
    source: EventId
    by: PersonName | None = None
    reason: ShortText | None = None


class EventVoided(Event):
    """A recorded event is declared wrong. It stays in the log and no longer counts. The subject is its id."""

    type: Literal["ledger.event_voided"]
    subject: EventId  # an event's id, wider than a mission's
    data: EventVoidedData


class SubjectErasedData(Record):
    by: PersonName | None = None
    reason: ShortText | None = None


class SubjectErased(Event):
    """The key of a person's data is destroyed; figures and amounts stay as they were."""

    type: Literal["ledger.subject_erased"]
    data: SubjectErasedData
