"""The event of an issued document: an invoice of the commission, or a credit note that takes part of one back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from ledger.events import patterns
from ledger.events.billing_events import Month, Sha256, SignedAmount
from ledger.events.fields import Currency, Event, Identifier, PersonName, Record, ShortText

Number = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=patterns.DOCUMENT_NUMBER)]
Day = Annotated[str, StringConstraints(pattern=patterns.DAY)]
Positive = Annotated[int, Field(gt=0)]
EntryId = Annotated[tuple[Positive, Positive], Field(strict=False)]
"""(position of the event that froze it, number in it) of a billing entry."""


class InvoiceTotals(Record):
    """Sums over the entries; those of a credit note are negative. `total` is what the pro owes: commission + VAT."""

    gross: SignedAmount
    commission: SignedAmount
    vat: SignedAmount
    total: SignedAmount


class InvoiceIssuedData(Record):
    number: Number
    kind: Literal["invoice", "credit_note"]
    of: Number | None = None
    pro: Identifier
    period: Month
    currency: Currency
    entries: Annotated[tuple[EntryId, ...], Field(min_length=1, strict=False)]
    totals: InvoiceTotals
    digest: Sha256
    by: PersonName | None = None
    # What the document says besides its amounts, as it was on the day of issue.
    zone: Annotated[str, StringConstraints(max_length=64)]
    issue_date: Day
    due_date: Day | None = None
    language: Literal["fr", "en", "de"]
    mentions: Annotated[tuple[ShortText, ...], Field(strict=False)]
    seller: dict[str, Any] | None = None
    buyer: Annotated[dict[str, Any] | str, Field(json_schema_extra={"personal": True})] | None = None


class InvoiceIssued(Event):
    """A document was issued. The subject is its series; the place in that stream is its running number."""

    type: Literal["invoice.issued"]
    data: InvoiceIssuedData
