"""Every event type as a small integer: those of missions as the life cycle numbers them, the rest by what they move."""

from __future__ import annotations

from ledger.events.catalogue import ENGINE_SOURCE, TYPES
from ledger.missions.facts import KIND

PUBLISHED = 20  # a policy or a baseline
HEARD = 21  # something about a pro that moves neither figures nor access
DOCUMENT = 22  # `by`: VERIFIED or EXPIRED, `flag`: which document
UNAVAILABLE = 23  # `when`: from, `amount`: until
JUDGED = 24  # what a person said or decided about a pro, or who the pro is
FOUND = 25  # written by the engine
VOIDED = 26
ADJUSTED = 27  # the bill of a mission, once it had closed
APART = 28  # closed periods, invoices, erased persons: no finding and no line of a mission follows from them

VERIFIED, EXPIRED = 1, 2
DOCUMENTS = ("identity", "background_check", "photo", "insurance")

_KIND: dict[str, int] = {
    **KIND,
    "pro.registered": HEARD,
    "pro.document_verified": DOCUMENT,
    "pro.document_expired": DOCUMENT,
    "pro.unavailable": UNAVAILABLE,
    "pro.conduct_reported": JUDGED,
    "pro.conduct_confirmed": JUDGED,
    "pro.conduct_dismissed": JUDGED,
    "pro.accounts_linked": JUDGED,
    "pro.warned": FOUND,
    "pro.suspension_proposed": FOUND,
    "pro.suspended": JUDGED,
    "pro.suspension_dismissed": JUDGED,
    "pro.complaint_opened": HEARD,
    "pro.complaint_decided": HEARD,
    "pro.reinstated": JUDGED,
    "billing.period_closed": APART,
    "billing.adjusted": ADJUSTED,
    "invoice.issued": APART,
    "city.baseline_published": PUBLISHED,
    "policy.published": PUBLISHED,
    "ledger.event_voided": VOIDED,
    "ledger.subject_erased": APART,
}
assert _KIND.keys() == set(TYPES), "an event type without a kind"


def kind_of(event_type: str, source: str) -> int:
    """The kind of an event; the engine's own are one kind, whatever their type."""
    return FOUND if source == ENGINE_SOURCE else _KIND[event_type]
