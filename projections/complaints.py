"""The projection `complaints`: what each complaint contests, whether it came in time, and what was answered."""

from __future__ import annotations

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.pros.complaints import DECISION, Complaint, complaints
from ledger.pros.pro import Pro
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "complaints"
VERSION = 1


def _pro(touched: Touched, entry: Entry) -> None:
    touched.complaining.update(dict.fromkeys(entry.pros))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(TYPES, ignore),
    "pro.complaint_opened": _pro,
    "pro.complaint_decided": _pro,
    # These may be what is contested, and change whether it is in force.
    "pro.warned": _pro,
    "pro.suspended": _pro,
    "pro.reinstated": _pro,
    "pro.document_verified": _pro,
    "pro.conduct_confirmed": _pro,
    "pro.conduct_dismissed": _pro,
    "pro.accounts_linked": _pro,
    "ledger.event_voided": _pro,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the complaints of the touched persons anew, each under the account that complained."""
    pros = {book.stream_of(pro).id: book.stream_of(pro) for pro in touched.complaining}.values()
    writes.delete("complaint", [{"pro": account} for pro in pros for account in pro.accounts])
    writes.merge("complaint", [_row(pro, each, book.chronicle) for pro in pros for each in complaints(pro)])


def _row(pro: Pro, complaint: Complaint, chronicle: Chronicle) -> Row:
    """Keys of `None` where nothing is contested any more, or nothing decided yet."""
    event, contested, decided = complaint
    deadline = complaint.deadline(chronicle)
    row: Row = {
        "position": event.position,
        "event": event.id,
        "pro": event.account,
        "at": event.at,
        "deadline": deadline,
        "late": deadline is not None and event.at >= deadline,
    }
    if contested is not None:
        kind = contested.data["kind"] if contested.type == DECISION else "warning"
        in_force = [each.until for each in pro.decisions if each.event.position == contested.position]
        row |= {
            "contested": contested.id,
            "contested_position": contested.position,
            "contested_at": contested.at,
            "contested_kind": kind,
            "contested_voided": contested.position in pro.voided,
            "in_force_until": in_force[0] if in_force else None,
            "rule": contested.data.get("rule"),
        }
    if decided is not None:
        row |= {
            "decided": decided.id,
            "decided_position": decided.position,
            "decided_at": decided.at,
            "outcome": decided.data["outcome"],
            "decided_by": decided.data["by"],
            "reason": decided.data["reason"],
        }
    return row
