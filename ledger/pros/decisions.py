"""What a decision about a pro must bring to be recorded: a name, a reason, and the notice the law gives.

P2B regulation 2019/1150 art. 4 (statement of reasons; 30 days before a termination), platform work directive 2024/2831
art. 10(5) (a human decides).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.errors import Refused
from ledger.instants import DAY, SECOND, parse_us, to_text
from ledger.policies.register import Register
from ledger.pros.pro import Pro
from ledger.pros.records import ACTIVE


def check(event_type: str, pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    """Raise `Refused` when this decision may not be recorded; other events pass."""
    decide = _CHECKS.get(event_type)
    if decide is not None:
        decide(pro, at, data, register)


def needs_statement(data: dict[str, Any], what: str) -> None:
    """Refuse (`no_statement`) a person's decision without a name or a reason."""
    if not (data.get("by") or "").strip() or not (data.get("reason") or "").strip():
        raise Refused("no_statement", f"{what} needs who decided and why: give by and reason")


def _suspended(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    needs_statement(data, "a suspension")
    if data.get("notice_exception") and not data.get("evidence"):
        raise Refused("notice_too_short", "a notice exception needs evidence: the ids of the events that prove it")
    until = data.get("until")
    if until is not None and parse_us(until) <= at:
        raise Refused("invalid_event", f"until ({until}) must come after the decision ({to_text(at)})")
    if data["kind"] == "termination" and not data.get("notice_exception"):
        _check_notice(pro, at, data, register)


def _check_notice(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    notice = register.parameters(at, "").termination_notice_seconds * SECOND
    notified = data.get("notified_at")
    days = notice // DAY
    if notified is None:
        raise Refused(
            "notice_too_short", f"a termination needs notified_at, at least {days} days before it takes effect"
        )
    earliest = parse_us(notified) + notice
    if at < earliest:
        raise Refused(
            "notice_too_short",
            f"{pro.id} was notified at {notified}: termination takes effect {days} days later, "
            f"not before {to_text(earliest)}; or give a notice_exception with evidence",
            earliest=to_text(earliest),
        )


def _dismissed(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    needs_statement(data, "a dismissal")
    if not pro.proposals:
        raise Refused("invalid_transition", f"{pro.id} has no open proposal to dismiss")


def _reinstated(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    needs_statement(data, "a reinstatement")
    if pro.access_at(at) == ACTIVE and not pro.proposals:
        raise Refused("invalid_transition", f"{pro.id} has access; there is nothing to reinstate")


def _complaint_decided(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    needs_statement(data, "the decision on a complaint")
    if not pro.complaint_open:
        raise Refused("invalid_transition", f"{pro.id} has no open complaint")


def _report_known(pro: Pro, at: int, data: dict[str, Any], register: Register) -> None:
    if data["report"] not in pro.reports:
        raise Refused("invalid_transition", f"{pro.id} has no conduct report {data['report']}")


_CHECKS: dict[str, Callable[[Pro, int, dict[str, Any], Register], None]] = {
    "pro.suspended": _suspended,
    "pro.suspension_dismissed": _dismissed,
    "pro.reinstated": _reinstated,
    "pro.complaint_decided": _complaint_decided,
    "pro.conduct_confirmed": _report_known,
    "pro.conduct_dismissed": _report_known,
}
