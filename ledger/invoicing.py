"""Which documents follow from frozen billing entries: pure functions, integers only.

An invoice bills a pro's lines of one period and currency. A credit note takes back, to the cent, lines of one invoice
that were corrected since: what it holds are the credit entries, which negate the stored amounts. So over any set of
entries: Σ invoices + Σ credit notes (whose amounts are negative) = Σ entries, per currency.

Entries without commission and VAT (a client's absence, a mission for nothing) are on no document: there is nothing to
invoice. Of a line that was corrected before it was invoiced neither the credit nor the new line is issued until it is;
`waits` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from ledger.billing_entries import CREDIT, FrozenEntry, digest_of, text_of
from ledger.money import to_amount

INVOICE = "invoice"
CREDIT_NOTE = "credit_note"
RUNNING_DIGITS = 6


class Item(NamedTuple):
    """A frozen entry to be put on a document, and where it stands: (position, number).

    `credited` is the number of the invoice that holds the line it takes back, empty for a line. `waits`: it corrects a
    line that bears something and is on no invoice yet.
    """

    position: int
    number: int
    credited: str
    waits: bool
    entry: FrozenEntry


class Planned(NamedTuple):
    """A document to issue. `of` is the number of the invoice a credit note takes back from, empty for an invoice."""

    kind: str
    of: str
    pro: str
    currency: str
    items: tuple[Item, ...]


class Sums(NamedTuple):
    """Sums over entries in minor units."""

    gross: int
    commission: int
    vat: int

    @property
    def total(self) -> int:
        """What the pro owes: commission and VAT."""
        return self.commission + self.vat

    def amounts(self, currency: str) -> dict[str, str]:
        """Decimal texts, as events and documents spell them."""
        return {
            "gross": to_amount(self.gross, currency),
            "commission": to_amount(self.commission, currency),
            "vat": to_amount(self.vat, currency),
            "total": to_amount(self.total, currency),
        }


def planned(items: Iterable[Item]) -> list[Planned]:
    """The documents of some entries, in the order of issue: by pro and currency, invoices before credit notes.

    Entries that wait, or that bear neither commission nor VAT, are left out; so is a document of which nothing is left.
    """
    due = sorted(
        (each for each in items if not each.waits and (each.entry.commission or each.entry.vat)),
        key=lambda each: (*_document_of(each), each.position, each.number),
    )
    found = []
    for (pro, currency, kind, of), group in groupby(due, key=_document_of):
        found.append(Planned((INVOICE, CREDIT_NOTE)[kind], of, pro, currency, tuple(group)))
    return found


def _document_of(item: Item) -> tuple[str, str, int, str]:
    credit = item.entry.role == CREDIT
    assert credit == bool(item.credited), "a credit takes back a line of an invoice, a line takes back none"
    return item.entry.pro, item.entry.currency, int(credit), item.credited


def sums(entries: Sequence[FrozenEntry]) -> Sums:
    """The sums over entries of one currency."""
    assert len({each.currency for each in entries}) <= 1, "amounts of two currencies are never added"
    return Sums(
        sum(each.gross for each in entries), sum(each.commission for each in entries), sum(each.vat for each in entries)
    )


def digest(entries: Iterable[FrozenEntry]) -> str:
    """The digest (hex) of a document's entries in order of (position, number): that of a close, over fewer entries."""
    return digest_of(text_of(each) for each in entries)


def series_name(prefix: str, issued: date) -> str:
    """`F-2026`: each year begins a series of its own (separate series are allowed: CGI, annexe II, 242 nonies A)."""
    return f"{prefix}-{issued.year}"


def number_text(series: str, running: int) -> str:
    """`F-2026-000017`: the running number is the version of the series' stream."""
    return f"{series}-{running:0{RUNNING_DIGITS}d}"


def due_date(issued: date, days: int) -> date:
    """The day an invoice is due."""
    return issued + timedelta(days=days)
