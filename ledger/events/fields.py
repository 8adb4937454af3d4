"""The field types that events share: identifiers, instants, money, names of deciders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from ledger.events import patterns

Identifier = Annotated[str, StringConstraints(pattern=patterns.IDENTIFIER)]
EventId = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=patterns.EVENT_ID)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=patterns.PERSON_NAME)]
ShortText = Annotated[str, StringConstraints(max_length=2000)]
PersonalText = Annotated[str, StringConstraints(max_length=20_000), Field(json_schema_extra={"personal": True})]
"""Free text about a person: sealed under that person's key before it is stored, never an input of a rule."""

EARLIEST_YEAR, LATEST_YEAR = 1971, 9000


def _within_years(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"the year {moment.year} is outside {EARLIEST_YEAR} to {LATEST_YEAR}")
    return moment


Instant = Annotated[AwareDatetime, AfterValidator(_within_years)]
Minutes = Annotated[int, Field(gt=0, le=24 * 60, json_schema_extra={"refusal": "invalid_duration"})]
"""A session's length in whole minutes: more than none, at most a day (domain, row W10)."""
Amount = Annotated[str, StringConstraints(pattern=patterns.AMOUNT)]
Currency = Annotated[str, StringConstraints(pattern=patterns.CURRENCY)]
Ratio = Annotated[str, StringConstraints(pattern=patterns.RATIO)]
Ground = Literal[
    "discrimination",
    "sexual_advance",
    "violence",
    "lawbreaking",
    "inappropriate_message",
    "disrespect",
    "profanity",
    "unwanted_contact",
    "wilful_damage",
    "privacy_breach",
    "off_platform",
    "undeclared_cash",
    "second_account",
    "own_marketing",
]


class Record(BaseModel):
    """A frozen record that refuses what it does not know, so that a misspelt field is never silently ignored."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Money(Record):
    """An amount as a decimal text, with its ISO 4217 currency."""

    amount: Amount
    currency: Currency


class Price(Money):
    """What a mission costs: per hour of the session, or for the whole mission."""

    per: Literal["hour", "mission"]


class AddedService(Record):
    """A service added during the session, with its own price."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    price: Money


class Event(BaseModel):
    """A CloudEvents 1.0 envelope. `time` is when it happened; extension attributes are kept as they came."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    specversion: Literal["1.0"]
    id: EventId
    source: EventId
    subject: Identifier
    time: Instant
    datacontenttype: Literal["application/json"] | None = None
    correlationid: EventId | None = None
    causationid: EventId | None = None
    traceparent: EventId | None = None
