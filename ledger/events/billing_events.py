"""The events of billing: a month is closed, an amount is adjusted after its bill was."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from ledger.events import patterns
from ledger.events.fields import Currency, Event, Minutes, Money, PersonName, Record, ShortText

Month = Annotated[str, StringConstraints(pattern=patterns.MONTH)]
Sha256 = Annotated[str, StringConstraints(pattern=patterns.SHA256)]
SignedAmount = Annotated[str, StringConstraints(pattern=patterns.SIGNED_AMOUNT)]
MOST_PARTS = 120


class Totals(Record):
    """Sums of one currency over the entries of a period; credits count with their minus."""

    gross: SignedAmount
    commission: SignedAmount
    vat: SignedAmount
    net: SignedAmount


class PeriodClosedData(Record):
    by: PersonName
    reason: ShortText | None = None
    leave_open: bool
    lines: Annotated[int, Field(ge=0)]
    left_open: Annotated[int, Field(ge=0)]
    totals: dict[Currency, Totals]
    digest: Sha256


class PeriodClosed(Event):
    """A month is closed: its lines are frozen as entries. `lines` counts entries, `digest` is theirs in order."""

    type: Literal["billing.period_closed"]
    subject: Month
    data: PeriodClosedData


class AdjustedData(Record):
    by: PersonName | None = None
    reason: ShortText | None = None
    duration_minutes: Minutes | None = None
    refund: Money | None = None
    parts: Annotated[int, Field(ge=1, le=MOST_PARTS)] | None = None


class Adjusted(Event):
    """After its bill closed, a mission is billed for another duration, or part of its price is given back."""

    type: Literal["billing.adjusted"]
    data: AdjustedData
