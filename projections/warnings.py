"""The projection `warnings`: every warning the engine gave, with its figures and evidence."""

from __future__ import annotations

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.pros.stream import expiry_of
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "warnings"
VERSION = 1


def _warned(touched: Touched, entry: Entry) -> None:
    touched.warnings.append(entry)


def _voided(touched: Touched, entry: Entry) -> None:
    for pro in entry.pros:
        touched.refolded_pros[pro] = None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(TYPES, ignore),
    "pro.warned": _warned,
    "ledger.event_voided": _voided,
}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the new warnings, and mark those that a void took away."""
    writes.merge("warning", [_row(book, entry) for entry in touched.warnings])
    for pro in touched.refolded_pros:
        positions = sorted(book.pro(pro).voided)
        writes.run("mark_voided_warnings", pro=pro, positions=positions)


def _row(book: Book, entry: Entry) -> Row:
    data = entry.data
    expires_at = expiry_of(entry.at, data, book.chronicle.at(entry.position))
    return {
        "position": entry.position,
        "event": entry.id,
        "pro": entry.subject,
        "ladder": data["ladder"],
        "rule": data["rule"],
        "policy": data["policy"],
        "at": entry.at,
        "expires_at": expires_at,
        "figures": data["figures"],
        "evidence": data["evidence"],
        "voided": False,
    }
