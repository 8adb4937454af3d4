"""What each event of a pro's stream does to it: a table from event type to function, like everywhere.

Findings and decisions are facts; nothing here judges them again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ledger.chronicle import Chronicle
from ledger.instants import NEVER, SECOND, parse_us
from ledger.policies.register import Register
from ledger.pros.records import (
    ACCESS_OF_KIND,
    DOCUMENTS_EXPIRED,
    LASTING_LADDERS,
    Decision,
    ProEvent,
    Report,
    Unavailability,
    Warning,
    conduct_rule,
)

if TYPE_CHECKING:
    from ledger.pros.pro import Pro


def expiry_of(at: int, data: dict[str, Any], register: Register) -> int:
    """When a warning given at an instant stops counting, by the policy then in force; NEVER: it always counts."""
    if data["ladder"] in LASTING_LADDERS:
        return NEVER
    terms = register.parameters(at, str(data["figures"].get("city") or ""))
    return at + terms.warnings_expiry_seconds * SECOND


def _nothing(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """Recorded and shown; it moves no access and no ladder (complaints are read in `complaints.py`)."""


def _warned(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    data = event.data
    expires_at = expiry_of(event.at, data, chronicle.at(event.position))
    warning = Warning(event, data["ladder"], data["rule"], event.at, expires_at, event.position)
    pro.warnings.append(warning)
    pro.ladder_warnings.setdefault(warning.ladder, []).append(warning)


def _proposed(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.proposals.append(event)


def _suspended(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    until = event.data.get("until")
    level = ACCESS_OF_KIND[event.data["kind"]]
    pro.decisions.append(Decision(event, level, parse_us(until) if until else NEVER))
    named = event.data.get("proposal")
    pro.proposals = [each for each in pro.proposals if named is not None and each.id != named]


def _dismissed(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.proposals = []


def _reinstated(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """Access is back; ladders and late cancellations start anew, and no-shows that count stay."""
    pro.decisions = []
    pro.proposals = []
    pro.ladder_warnings = {}
    pro.reinstated_at = max(pro.reinstated_at, event.at)


def _lift(pro: Pro, rule: str) -> None:
    """What a rule caused has no ground any more: it ends, and nothing else does."""
    pro.decisions = [each for each in pro.decisions if each.event.data.get("rule") != rule]
    pro.proposals = [each for each in pro.proposals if each.data["rule"] != rule]


def _reported(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    pro.reports[event.source, event.id] = Report(event, event.data["ground"], None)


def _ruled_on(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """A person confirmed or dismissed a report; what a dismissed one caused is lifted, unless another stands."""
    named = pro.reports_named(event.data["report"], event.data.get("source"))
    if not named:  # voided since
        return
    report = named[-1]
    pro.reports[report.event.source, report.event.id] = report._replace(ruling=event)
    of_ground = [each for each in pro.reports.values() if each.ground == report.ground]
    if not any(_stands(pro, each) for each in of_ground):
        _lift_reported(pro, conduct_rule(report.ground), {each.event.position for each in of_ground})


def _stands(pro: Pro, report: Report) -> bool:
    """Whether a report still speaks against the pro: nobody ruled on it, or it was confirmed and not forgiven since."""
    if report.ruling is None:
        return True
    return report.confirmed and report.ruling.at > pro.reinstated_at


def _lift_reported(pro: Pro, rule: str, reports: set[int]) -> None:
    """End what was proposed because of these reports, and what was decided on that; nothing else under the rule."""
    caused = {
        each.id
        for each in pro.events
        if each.type == "pro.suspension_proposed" and each.data["rule"] == rule and reports & set(each.data["evidence"])
    }
    pro.decisions = [each for each in pro.decisions if each.event.data.get("proposal") not in caused]
    pro.proposals = [each for each in pro.proposals if each.id not in caused]


def _expired(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    _document(pro, event)


def _verified(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    """A document is valid again; with the last of them the restriction ends (it is no fault)."""
    missing = event.data["kind"] in pro.expired
    _document(pro, event)
    if missing and not pro.expired:
        _lift(pro, DOCUMENTS_EXPIRED)


def _document(pro: Pro, event: ProEvent) -> None:
    """What happened last to a document is how it stands, whatever the order of arrival."""
    latest = pro.documents.get(event.data["kind"])
    if latest is None or latest.at <= event.at:
        pro.documents[event.data["kind"]] = event


def _unavailable(pro: Pro, event: ProEvent, chronicle: Chronicle) -> None:
    starts_at, ends_at = parse_us(event.data["starts_at"]), parse_us(event.data["ends_at"])
    pro.unavailable.append(Unavailability(starts_at, ends_at, event.at, event.position))


EVOLVE: dict[str, Callable[[Pro, ProEvent, Chronicle], None]] = {
    "pro.registered": _nothing,
    "pro.document_verified": _verified,
    "pro.document_expired": _expired,
    "pro.unavailable": _unavailable,
    "pro.conduct_reported": _reported,
    "pro.conduct_confirmed": _ruled_on,
    "pro.conduct_dismissed": _ruled_on,
    "pro.accounts_linked": _nothing,
    "pro.warned": _warned,
    "pro.suspension_proposed": _proposed,
    "pro.suspended": _suspended,
    "pro.suspension_dismissed": _dismissed,
    "pro.complaint_opened": _nothing,
    "pro.complaint_decided": _nothing,
    "pro.reinstated": _reinstated,
}
NEUTRAL = frozenset({"pro.registered", "pro.document_verified"})
"""Types that say nothing about a pro's missions, and as long as no document of it has expired change nothing at all."""
HANDLED = frozenset(EVOLVE)
