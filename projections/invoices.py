"""The projection `invoices`: one row for every issued document, and which billing entries are on which.

Everything in it is what the event says; `invoice_checks` holds that against the frozen entries. An entry that is on two
documents violates a key: a log that says so is broken.
"""

from __future__ import annotations

import orjson

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import TYPES
from ledger.money import signed_minor
from projections.statements import Row, Writes
from projections.touched import Handler, Touched, ignore

NAME = "invoices"
VERSION = 1


def _issued(touched: Touched, entry: Entry) -> None:
    touched.invoices.append(entry)


HANDLERS: dict[str, Handler] = {**dict.fromkeys(TYPES, ignore), "invoice.issued": _issued}


def save(writes: Writes, book: Book, touched: Touched) -> None:
    """Write the documents issued; none is ever changed."""
    if touched.invoices:
        entries = [
            {"position": position, "number": number, "invoice": issued.position}
            for issued in touched.invoices
            for position, number in issued.data["entries"]
        ]
        writes.run("insert_invoices", rows=orjson.dumps([_row(each) for each in touched.invoices]).decode())
        writes.run("insert_invoice_entries", rows=orjson.dumps(entries).decode())


def _row(issued: Entry) -> Row:
    data = issued.data
    currency, totals = data["currency"], data["totals"]
    return {
        "position": issued.position,
        "number": data["number"],
        "series": issued.subject,
        "running": issued.version,
        "kind": data["kind"],
        "credited": data.get("of") or "",
        "pro": data["pro"],
        "period": data["period"],
        "currency": currency,
        "gross": signed_minor(totals["gross"], currency),
        "commission": signed_minor(totals["commission"], currency),
        "vat": signed_minor(totals["vat"], currency),
        "total": signed_minor(totals["total"], currency),
        "issued_at": issued.at,
        "digest": data["digest"],
    }
