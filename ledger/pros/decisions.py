"""What a decision about a pro must bring to be recorded: a name, a reason, and the notice the law gives.

P2B regulation 2019/1150 art. 4 (statement of reasons; 30 days before a termination) and 11 (complaints), platform work
directive 2024/2831 art. 10(5) (a human decides).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ledger.errors import Refused
from ledger.events.catalogue import PROPOSED
from ledger.instants import DAY, SECOND, parse_us, to_text
from ledger.policies.register import Register
from ledger.pros.complaints import answered_by, complaints, contested_by
from ledger.pros.pro import Pro
from ledger.pros.records import ACTIVE
from ledger.rulebook.conduct import ZERO_TOLERANCE

Named = Callable[[str | int], Mapping[int, bool]]
"""Where the events called so stand, and of each whether it is about the pro; nothing where none is recorded."""


class Case(NamedTuple):
    """What is decided about whom, at which instant, and what is known then."""

    pro: Pro
    at: int
    data: dict[str, Any]
    register: Register


def check(event_type: str, pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    """Raise `Refused` when this decision may not be recorded; other events pass.

    A decision dated before one that is recorded already is taken: papers are found late. Access follows the order of
    recording, and `why` marks it as dated back.
    """
    decide = _CHECKS.get(event_type)
    if decide is not None:
        decide(Case(pro, at, data, register))


def check_named(pro: Pro, data: dict[str, Any], named: Named) -> None:
    """Raise `Refused` (`unknown_event`) when a new `pro.suspended` names as proof, or as the proposal that it follows,
    what is not about this person: what is named is shown to the pro as its own.

    For what comes from outside alone. What is recorded was looked at then, by the whole log; a replay knows but a part.
    """
    proposal = data.get("proposal")
    if proposal is not None and not any(each.type == PROPOSED and each.id == proposal for each in pro.events):
        raise Refused("unknown_event", f"{pro.id} has no proposal {proposal}; timeline {pro.id} lists them")
    _check_evidence(pro, data, named)


def needs_statement(data: dict[str, Any], what: str) -> None:
    """Refuse (`no_statement`) a person's decision without a name or a reason."""
    if not (data.get("by") or "").strip() or not (data.get("reason") or "").strip():
        raise Refused("no_statement", f"{what} needs who decided and why: give by and reason")


def _suspended(case: Case) -> None:
    data = case.data
    needs_statement(data, "a suspension")
    if data.get("notice_exception") and not data.get("evidence"):
        raise Refused("notice_too_short", "a notice exception needs evidence: the ids of the events that prove it")
    until = data.get("until")
    if until is not None and parse_us(until) <= case.at:
        raise Refused("invalid_event", f"until ({until}) must come after the decision ({to_text(case.at)})")
    if data["kind"] == "termination" and not data.get("notice_exception"):
        _check_notice(case)


def _check_evidence(pro: Pro, data: dict[str, Any], named: Named) -> None:
    """Proof are recorded events about the person; « repeated » needs two of them at least (P2B art. 4(4)(c))."""
    proven: set[tuple[int, ...]] = set()
    for each in data.get("evidence") or ():
        shown = f"#{each}" if isinstance(each, int) else each
        found = named(each)
        if not found:
            raise Refused(
                "unknown_event", f"evidence {shown} is no recorded event; name events by their id or position"
            )
        if not all(found.values()):
            raise Refused(
                "unknown_event",
                f"evidence {shown} is neither about {pro.id} nor of a mission that {pro.id} accepted or was named in; "
                f"events --pro {pro.id} lists what is",
            )
        proven.add(tuple(found))
    if data.get("notice_exception") == "repeated_infringement" and len(proven) == 1:
        raise Refused(
            "notice_too_short", "repeated_infringement needs at least two events as evidence; one is no repeat"
        )


def _check_notice(case: Case) -> None:
    notice = case.register.parameters(case.at, "").termination_notice_seconds * SECOND
    notified = case.data.get("notified_at")
    days = notice // DAY
    if notified is None:
        raise Refused(
            "notice_too_short", f"a termination needs notified_at, at least {days} days before it takes effect"
        )
    earliest = parse_us(notified) + notice
    if case.at < earliest:
        raise Refused(
            "notice_too_short",
            f"{case.pro.id} was notified at {notified}: termination takes effect {days} days later, "
            f"not before {to_text(earliest)}; or give a notice_exception with evidence",
            earliest=to_text(earliest),
        )


def _dismissed(case: Case) -> None:
    needs_statement(case.data, "a dismissal")
    if not case.pro.proposals:
        raise Refused("invalid_transition", f"{case.pro.id} has no open proposal to dismiss")


def _reinstated(case: Case) -> None:
    needs_statement(case.data, "a reinstatement")
    if case.pro.access_at(case.at) == ACTIVE and not case.pro.proposals:
        raise Refused("invalid_transition", f"{case.pro.id} has access; there is nothing to reinstate")


def _complaint_opened(case: Case) -> None:
    """A complaint is kept, also a late one, also one whose decision is not recorded yet; what it names must be."""
    pro, named = case.pro, case.data.get("decision")
    if named is None:
        return
    contested = contested_by(pro, case.at, named)
    if contested is None:
        raise Refused("unknown_event", f"{pro.id} has no decision and no warning {named}; why {pro.id} lists them")
    if contested.position in pro.voided:
        raise Refused("invalid_transition", f"{named} (#{contested.position}) was voided; nothing is left to contest")
    if contested.at > case.at:
        raise Refused(
            "invalid_transition",
            f"{named} (#{contested.position}) is of {to_text(contested.at)}, after this complaint ({to_text(case.at)})",
        )


def _complaint_decided(case: Case) -> None:
    needs_statement(case.data, "the decision on a complaint")
    pro, named = case.pro, case.data.get("complaint")
    known = complaints(pro)
    if answered_by(known, case.at, named) is not None:
        return
    meant = [each for each in known if named is None or each.event.id == named]
    if named is not None and not meant:
        raise Refused("unknown_event", f"{pro.id} has no complaint {named}; complaint list --pro {pro.id} shows them")
    waiting = [each for each in meant if each.decided is None]
    if waiting:
        opened = min(each.event.at for each in waiting)
        raise Refused(
            "invalid_transition",
            f"the complaint of {pro.id} was opened at {to_text(opened)}, after this answer ({to_text(case.at)})",
        )
    decided = f"complaint {named} is decided already" if named is not None else f"{pro.id} has no open complaint"
    raise Refused("invalid_transition", f"{decided}; complaint list --pro {pro.id} shows what became of it")


def _report_known(case: Case) -> None:
    """A report is ruled on once; where the ruling excludes or spares a pro at once, it needs its reason."""
    pro, named, source = case.pro, case.data["report"], case.data.get("source")
    reports = pro.reports_named(named, source)
    if not reports:
        of_source = f" of source {source}" if source is not None else ""
        raise Refused("invalid_transition", f"{pro.id} has no conduct report {named}{of_source}")
    if len(reports) > 1:
        sources = ", ".join(sorted(each.event.source for each in reports))
        raise Refused("invalid_transition", f"several reports of {pro.id} are called {named}: say source=… ({sources})")
    (report,) = reports
    if report.ruling is not None:
        ruled = f"report {named} of {pro.id} was ruled on already (#{report.ruling.position})"
        raise Refused("invalid_transition", f"{ruled}; void that ruling first if it is wrong")
    if report.ground in ZERO_TOLERANCE:
        needs_statement(case.data, f"a ruling on a report of {report.ground.replace('_', ' ')}")


_CHECKS: dict[str, Callable[[Case], None]] = {
    "pro.suspended": _suspended,
    "pro.suspension_dismissed": _dismissed,
    "pro.reinstated": _reinstated,
    "pro.complaint_opened": _complaint_opened,
    "pro.complaint_decided": _complaint_decided,
    "pro.conduct_confirmed": _report_known,
    "pro.conduct_dismissed": _report_known,
}
