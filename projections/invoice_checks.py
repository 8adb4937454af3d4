"""Everything that must hold between issued documents and frozen entries, each with the first document that breaks it.

`verify` asks it of a fresh fold, `invoice verify` of the live tables: the connection's search path says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from ledger.billing_entries import FrozenEntry
from ledger.entries import entry_of_row
from ledger.invoicing import digest, number_text, sums
from ledger.money import signed_minor
from ledger.store.database import Connection, translated
from ledger.store.log import read
from projections.statements import sql

Document = dict[str, Any]
PAGE = 20_000


class Broken(NamedTuple):
    """What does not hold, and at which event."""

    position: int
    what: str


def recorded(connection: Connection) -> Broken | None:
    """Every issued event has its row, and every row its event."""
    with connection.cursor(binary=True) as cursor:
        kept = {row[0]: row[1:] for row in cursor.execute(sql("invoice_rows")).fetchall()}
    for row in read(connection, types=("invoice.issued",)):
        entry = entry_of_row(row)
        data, totals = entry.data, entry.data["totals"]
        amounts = tuple(
            signed_minor(totals[name], data["currency"]) for name in ("gross", "commission", "vat", "total")
        )
        named = (data["number"], entry.subject, row.version, data["kind"], data.get("of") or "", data["pro"])
        said = (*named, data["period"], data["currency"], *amounts, entry.at, data["digest"])
        if kept.pop(row.position, None) != said:
            return Broken(row.position, f"{data['number']} is not kept as its event says")
    for position, (number, *_) in kept.items():
        return Broken(position, f"{number} is kept, but no event issued it")
    return None


def numbered(connection: Connection) -> Broken | None:
    """In each series the numbers run 1, 2, 3 …, of one kind of document, in order of time."""
    last: dict[str, tuple[int, str, int]] = {}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(sql("invoice_series")).fetchall()
    for series, running, number, kind, issued_at, position in rows:
        before, of_kind, at = last.get(series, (0, kind, issued_at))
        if running != before + 1:
            return Broken(position, f"{number} follows number {before} of series {series}")
        if number != number_text(series, running):
            return Broken(position, f"{number} is number {running} of series {series}")
        if kind != of_kind or issued_at < at:
            what = "is of another kind" if kind != of_kind else "was issued earlier"
            return Broken(position, f"{number} {what} than the number before it")
        last[series] = running, kind, issued_at
    return None


def entered(connection: Connection) -> Broken | None:
    """Every entry on a document is frozen, bears something, and is of its pro, period and currency.

    A line is on an invoice. A credit is on a credit note of the invoice that holds the line it takes back, and is the
    exact negation of that line.
    """
    row = connection.execute(sql("invoice_entries_amiss")).fetchone()
    return Broken(row[0], f"{row[1]}: {row[2]}") if row else None


def summed(connection: Connection) -> Broken | None:
    """The sums and the digest of each document are those of its entries."""
    with connection.cursor(binary=True) as cursor:
        known = {row[0]: row[1:] for row in cursor.execute(sql("invoice_sums")).fetchall()}
    for position, entries in _by_invoice(connection):
        number, *said = known.pop(position, ("", None))
        found = sums(entries)
        if said != [*found, found.total, digest(entries)]:
            return Broken(position, f"{number}: its totals or its digest are not those of its entries")
    for position, (number, *_) in known.items():
        return Broken(position, f"{number} has no entries")
    return None


def _by_invoice(connection: Connection) -> Iterator[tuple[int, list[FrozenEntry]]]:
    """The entries of each document, in the order of its digest."""
    with connection.cursor("invoice_entries", binary=True) as cursor:
        cursor.itersize = PAGE
        cursor.execute(sql("invoice_entries"))
        for position, rows in groupby(cursor, key=lambda row: row[0]):
            yield position, [FrozenEntry._make(row[1:]) for row in rows]


CHECKS: tuple[tuple[str, str, Callable[[Connection], Broken | None]], ...] = (
    ("recorded", "every issued document is kept as its event says", recorded),
    ("numbers", "each series runs 1, 2, 3 … without gap or duplicate, in order of time", numbered),
    (
        "entries",
        "every entry is on one document at most, credits on a credit note of the invoice they correct",
        entered,
    ),
    ("amounts", "totals and digests are those of the frozen entries; credits negate what was invoiced", summed),
)
"""name, what holds, and the function that finds the first document for which it does not."""


def broken(connection: Connection) -> Broken | None:
    """What the first check that does not hold found."""
    return next((found for _, _, check in CHECKS if (found := check(connection)) is not None), None)


def verify_invoices(connection: Connection) -> Document:
    """`{"ok", "position", "invoices", "checks": [{"check", "ok", "detail"}], "first_difference"}`, of one snapshot."""
    checks: list[Document] = []
    first: Document | None = None
    with translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute(sql("last_position")).fetchone()
        count = connection.execute(sql("invoice_count")).fetchone()
        assert row is not None and count is not None  # noqa: PT018  both always have a row
        for name, holds, check in CHECKS:
            found = check(connection)
            checks.append({"check": name, "ok": found is None, "detail": found.what if found else holds})
            if found is not None and first is None:
                first = {"check": name, "position": found.position, "what": found.what}
    return {
        "ok": first is None,
        "position": int(row[0]),
        "invoices": int(count[0]),
        "checks": checks,
        "first_difference": first,
    }
