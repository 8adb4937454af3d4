"""The projection `reviews`: decisions in force, open proposals and warnings that rest on facts which no longer stand.

Only pros are looked at of whom a fact receded or came back, or about whom something was found or decided; in an import
these are few. What a person did about it is read from the pro's own stream, so a review closes by a decision alone.
"""

from __future__ import annotations

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.pros.pro import Pro
from ledger.reviews import doubts
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "reviews"
VERSION = 3


def _mission(touched: Touched, entry: Entry) -> None:
    if entry.reconsidered:
        _reconsidered(touched, entry)


def _reconsidered(touched: Touched, entry: Entry) -> None:
    touched.reconsidered.update(dict.fromkeys(entry.reconsidered, entry.position))
    _pro(touched, entry)


def _voided(touched: Touched, entry: Entry) -> None:
    _reconsidered(touched, entry)
    if not entry.pros and not entry.mission:
        touched.withdrawn.update(dict.fromkeys(entry.reconsidered))


def _pro(touched: Touched, entry: Entry) -> None:
    touched.reviewed.update(dict.fromkeys(entry.pros))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(TYPES, ignore),
    **{name: _mission for name in TYPES if name.startswith("mission.")},
    "pro.suspension_proposed": _pro,
    "pro.suspended": _pro,
    "pro.suspension_dismissed": _pro,
    "pro.reinstated": _pro,
    # These may lift a decision, excuse a cancellation, or bring another account's missions in.
    "pro.document_verified": _pro,
    "pro.conduct_confirmed": _pro,
    "pro.conduct_dismissed": _pro,
    "pro.unavailable": _pro,
    "pro.accounts_linked": _pro,
    "ledger.event_voided": _voided,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write what was reconsidered, then the reviews of the touched persons anew, under the account found about."""
    causes: list[Row] = [{"fact": fact, "cause": cause} for fact, cause in touched.reconsidered.items()]
    writes.merge("reconsidered", causes)
    for position in touched.withdrawn:
        touched.reviewed.update(dict.fromkeys(book.found_since(position)))
    pros = {book.pro(pro).id: book.pro(pro) for pro in touched.reviewed}.values()
    writes.delete("review", [{"pro": account} for pro in pros for account in pro.accounts])
    writes.merge("review", [row for pro in pros for row in _rows(pro, book)])


def _rows(pro: Pro, book: Book) -> list[Row]:
    return [
        {
            "finding": each.finding.position,
            "fact": each.fact,
            "pro": each.finding.account,
            "event": each.finding.id,
            "kind": each.kind,
            "rule": each.finding.data.get("rule"),
            "cause": each.cause,
            "ends_at": each.ends_at,
            "confirmed": each.confirmed,
        }
        for each in doubts(pro, book.chronicle, book.voided, book.positions_of)
    ]
