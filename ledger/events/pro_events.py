"""The events of a pro: registration, documents, conduct, findings of the engine, decisions of people."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ledger.events import patterns
from ledger.events.fields import (
    Event,
    EventId,
    Ground,
    Identifier,
    Instant,
    PersonalText,
    PersonName,
    Record,
    ShortText,
)

RuleId = Annotated[str, Field(max_length=64, pattern=patterns.RULE)]
PolicyName = Annotated[str, Field(max_length=200, pattern=patterns.POLICY)]
Kind = Literal["restriction", "suspension", "termination", "exclusion"]
Positions = Annotated[tuple[Annotated[int, Field(gt=0)], ...], Field(strict=False)]


class RegisteredData(Record):
    name: PersonalText | None = None
    email: PersonalText | None = None
    cities: Annotated[tuple[Identifier, ...], Field(strict=False)] | None = None


class ProRegistered(Event):
    """A pro joined. Adds data; a pro is known from the first mention anyway."""

    type: Literal["pro.registered"]
    data: RegisteredData


class DocumentData(Record):
    kind: Literal["identity", "background_check", "photo", "insurance"]


class ProDocumentVerified(Event):
    """A document of the pro was checked and is valid."""

    type: Literal["pro.document_verified"]
    data: DocumentData


class ProDocumentExpired(Event):
    """A document of the pro is no longer valid."""

    type: Literal["pro.document_expired"]
    data: DocumentData


class UnavailableData(Record):
    starts_at: Instant
    ends_at: Instant


class ProUnavailable(Event):
    """The pro is not available in this span (Wecasa 3: « indiquer vos indisponibilités »)."""

    type: Literal["pro.unavailable"]
    data: UnavailableData


class ConductReportedData(Record):
    ground: Ground
    by: PersonName
    mission: Identifier | None = None
    description: PersonalText | None = None


class ProConductReported(Event):
    """Somebody reports how the pro behaved; a claim until a person decides."""

    type: Literal["pro.conduct_reported"]
    data: ConductReportedData


class ConductRulingData(Record):
    """`source` is that of the report; it must be said where several reports of the pro have its id."""

    report: EventId
    source: EventId | None = None
    by: PersonName
    reason: ShortText | None = None


class ProConductConfirmed(Event):
    """A person decided that a report is true."""

    type: Literal["pro.conduct_confirmed"]
    data: ConductRulingData


class ProConductDismissed(Event):
    """A person decided that a report is not founded."""

    type: Literal["pro.conduct_dismissed"]
    data: ConductRulingData


class AccountsLinkedData(Record):
    accounts: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=50, strict=False)]
    by: PersonName


class ProAccountsLinked(Event):
    """These accounts belong to one person (Mila: « un seul compte »)."""

    type: Literal["pro.accounts_linked"]
    data: AccountsLinkedData


class WarnedData(Record):
    ladder: Annotated[str, Field(max_length=64)]
    rule: RuleId
    policy: PolicyName
    figures: dict[str, Any]
    evidence: Positions


class ProWarned(Event):
    """The engine warned the pro: rule, numbers, evidence. Written by the engine alone."""

    type: Literal["pro.warned"]
    data: WarnedData


class SuspensionProposedData(Record):
    rule: RuleId
    policy: PolicyName
    kind: Kind
    figures: dict[str, Any]
    evidence: Positions


class ProSuspensionProposed(Event):
    """The engine found that a rule calls for removal. Written by the engine alone; it changes no access."""

    type: Literal["pro.suspension_proposed"]
    data: SuspensionProposedData


class SuspendedData(Record):
    kind: Kind
    rule: RuleId | None = None
    by: PersonName | None = None
    reason: ShortText | None = None
    until: Instant | None = None
    notified_at: Instant | None = None
    notice_exception: Literal["legal_obligation", "imperative_reason", "repeated_infringement"] | None = None
    evidence: Annotated[tuple[EventId | int, ...], Field(strict=False)] | None = None
    proposal: EventId | None = None


class ProSuspended(Event):
    """Access is taken or limited: by a person, or by `engine` under an automatic policy."""

    type: Literal["pro.suspended"]
    data: SuspendedData


class DecisionData(Record):
    by: PersonName | None = None
    reason: ShortText | None = None


class ProSuspensionDismissed(Event):
    """A person decided against an open proposal."""

    type: Literal["pro.suspension_dismissed"]
    data: DecisionData


class ComplaintOpenedData(Record):
    text: PersonalText | None = None
    decision: EventId | None = None


class ProComplaintOpened(Event):
    """The pro contests a decision or a warning: the one named, else the latest before it."""

    type: Literal["pro.complaint_opened"]
    data: ComplaintOpenedData


class ComplaintDecidedData(DecisionData):
    outcome: Literal["upheld", "rejected", "partly_upheld"]
    complaint: EventId | None = None


class ProComplaintDecided(Event):
    """A person decided a complaint: the one named, else the oldest open one. It moves no access."""

    type: Literal["pro.complaint_decided"]
    data: ComplaintDecidedData


class ProReinstated(Event):
    """A person gave access back."""

    type: Literal["pro.reinstated"]
    data: DecisionData
