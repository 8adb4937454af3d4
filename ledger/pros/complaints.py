"""Complaints: which decision a pro contests, until when that is in time, and what a person answered.

P2B regulation 2019/1150 art. 11 (a free internal complaint), DSA 2022/2065 art. 20(1) (at least six months after the
decision). The pro's own stream holds all of it; nothing is kept beside it. A complaint moves no access: an upheld one
is a reason to reinstate, and the reinstatement is its own event.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from ledger.chronicle import Chronicle
from ledger.instants import DAY, EPOCH, from_us
from ledger.pros.records import ProEvent

if TYPE_CHECKING:
    from ledger.pros.pro import Pro

OPENED, DECIDED = "pro.complaint_opened", "pro.complaint_decided"
DECISION, WARNING = "pro.suspended", "pro.warned"
LAST = 2**63 - 1


class Complaint(NamedTuple):
    """A complaint, the decision or warning it contests (None: none is recorded), and the answer to it, if any."""

    event: ProEvent
    contested: ProEvent | None
    decided: ProEvent | None

    def deadline(self, chronicle: Chronicle) -> int | None:
        """The first instant at which it is late, by the policy in force at what it contests."""
        return deadline_of(self.contested, chronicle) if self.contested is not None else None


def deadline_of(contested: ProEvent, chronicle: Chronicle) -> int:
    """The first instant at which a complaint about a decision or warning is late."""
    known = chronicle.at(contested.position)
    return deadline(contested.at, known.parameters(contested.at, "").complaint_months)


def deadline(decided_at: int, months: int) -> int:
    """The first instant that is too late: the end of the day some calendar months after a decision (microseconds).

    A month without that day ends earlier: 31 August and six months is the last of February. A pro has no zone, so days
    are those of UTC; the bound is half-open, as every bound of the ledger.
    """
    decided = from_us(decided_at).date()
    year, month = divmod(decided.year * 12 + decided.month - 1 + months, 12)
    day = date(year, month + 1, min(decided.day, monthrange(year, month + 1)[1]))
    return ((day - EPOCH.date()).days + 1) * DAY


def complaints(pro: Pro) -> list[Complaint]:
    """The pro's complaints in order of recording, each with its answer; voided events are left out."""
    found: dict[int, Complaint] = {}
    for event in pro.events:
        if event.position in pro.voided:
            continue
        if event.type == OPENED:
            contested = contested_by(pro, event.at, event.data.get("decision"), before=event.position)
            found[event.position] = Complaint(event, contested, None)
        elif event.type == DECIDED:
            answered = answered_by(found.values(), event.at, event.data.get("complaint"))
            if answered is not None:
                found[answered.event.position] = answered._replace(decided=event)
    return list(found.values())


def contested_by(pro: Pro, at: int, named: str | None, *, before: int = LAST) -> ProEvent | None:
    """What a complaint of an instant contests: what it names, else the pro's latest decision, else latest warning.

    Only what had happened by then; of decisions at one instant the one recorded later. What was recorded below the
    position `before` goes first; where that is nothing, a decision of an earlier day that arrives late is what was
    contested. What is named may be voided, and so may the last resort, so that a complaint does not lose its object
    when the decision is withdrawn.
    """
    told = [each for each in pro.events if each.type in (DECISION, WARNING)]
    if named is not None:
        return next((each for each in reversed(told) if each.id == named and each.position < before), None)
    told = [each for each in told if each.at <= at]
    known = [each for each in told if each.position < before]
    standing = [each for each in known if each.position not in pro.voided]
    arrived = [each for each in told if each.position > before and each.position not in pro.voided]
    for choice in (_decisions(standing), standing, _decisions(known), _decisions(arrived), arrived):
        if choice:
            return max(choice, key=lambda each: (each.at, each.position))
    return None


def _decisions(events: list[ProEvent]) -> list[ProEvent]:
    return [each for each in events if each.type == DECISION]


def answered_by(known: Iterable[Complaint], at: int, named: str | None) -> Complaint | None:
    """The open complaint that an answer of an instant is about: the one it names, else the oldest one."""
    open_ones = [each for each in known if each.decided is None and each.event.at <= at]
    if named is not None:
        return next((each for each in open_ones if each.event.id == named), None)
    return min(open_ones, key=lambda each: (each.event.at, each.event.position), default=None)
