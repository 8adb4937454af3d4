"""Answers about issued documents: the list, and each document whole. What was issued is told as it was issued.

Amounts, lines, dates, parties and mentions come from the event and the frozen entries. Only where the event names no
seller, or no buyer, because nothing was known then, do the settings of today fill the gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ledger.billing_entries import FrozenEntry
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.errors import Refused
from ledger.events.sealing import ERASED, owners, unseal
from ledger.instants import local_day, to_text
from ledger.invoicing import CREDIT_NOTE
from ledger.money import ratio_text, signed_minor, to_amount
from ledger.settings import Settings
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections.archive import PostgresArchive
from projections.parties import buyers, seller
from projections.statements import sql

Document = dict[str, Any]


# -- the list ---------------------------------------------------------------------------------------------------------


def invoices(connection: Connection, *, pro: str | None, period: str | None) -> Document:
    """`{"invoices": [{"number", "kind", "of", "pro", "period", "currency", "total", "commission", "vat", "issued",
    "position"}]}` in the order of issue; `total` is what the pro owes, negative for a credit note."""
    refuse_unknown(connection, pro)
    with translated():
        rows = connection.execute(sql("invoices"), {"pro": pro, "period": period}).fetchall()
    return {"invoices": [_row(*row) for row in rows]}


def refuse_unknown(connection: Connection, pro: str | None) -> None:
    """Refuses `unknown_pro`: probably misspelt."""
    with translated():
        if pro is not None and not connection.execute(sql("pro_standings"), {"pros": [pro]}).fetchall():
            raise Refused("unknown_pro", f"no event mentions a pro {pro}; standing lists every pro", pro=pro)


def _row(*row: Any) -> Document:
    number, kind, credited, pro, period, currency, total, commission, vat, issued_at, position = row
    return {
        "number": number,
        "kind": kind,
        "of": credited or None,
        "pro": pro,
        "period": period,
        "currency": currency,
        "total": to_amount(total, currency),
        "commission": to_amount(commission, currency),
        "vat": to_amount(vat, currency),
        "issued": to_text(issued_at),
        "position": position,
    }


def listed(entry: Entry) -> Document:
    """A document just issued, as the list has it."""
    data = entry.data
    named = {name: data.get(name) for name in ("number", "kind", "of", "pro", "period", "currency")}
    amounts = {name: data["totals"][name] for name in ("total", "commission", "vat")}
    return {**named, **amounts, "issued": to_text(entry.at), "position": entry.position}


# -- one document -----------------------------------------------------------------------------------------------------


def invoice(connection: Connection, number: str, settings: Settings) -> Document:
    """The document of a number, whole. Refuses `unknown_invoice`.

    {number, kind, of, issued, issue_date, due_date, period, currency, pro, language, seller {…}, buyer {id, …}, lines
    [{mission, date, service, city, minutes, gross, commission, vat, rate, vat_rate}], totals {gross, commission, vat,
    total}, vat_breakdown [{rate, base, vat}], mentions, digest, position}. What a legal document needs and nobody said
    is named in `lacking`.
    """
    with translated():
        found = connection.execute(sql("invoice_position"), {"number": number}).fetchone()
        if found is None:
            raise Refused("unknown_invoice", f"no document {number} was issued; invoice list shows them", number=number)
        (position,) = found
        entry = entry_of_row(next(read_at(connection, [position])))
        rows = connection.execute(sql("invoice_lines"), {"position": position}).fetchall()
    data, currency = _opened(connection, entry), entry.data["currency"]
    chronicle, _ = PostgresArchive(connection).chronicle()
    zones = _zones(connection, [row[0] for row in rows], position)
    entries = [(FrozenEntry._make(row[:-1]), row[-1]) for row in rows]
    lines = [_line(each, _vat_rate(chronicle, each, at), zones.get(each.mission, data["zone"])) for each, at in entries]
    selling = data.get("seller") or seller(settings)
    document = {
        **{name: data.get(name) for name in ("number", "kind", "of")},
        "issued": to_text(entry.at),
        **{name: data.get(name) for name in ("issue_date", "due_date", "period", "currency", "pro", "language")},
        "seller": selling,
        "buyer": _buyer(connection, data, settings),
        "lines": lines,
        "totals": {name: data["totals"][name] for name in ("gross", "commission", "vat", "total")},
        "vat_breakdown": _breakdown(lines, currency),
        "mentions": data["mentions"],
        "lacking": [] if selling else list(settings.lacking()),
        "digest": data["digest"],
        "position": position,
    }
    assert document["kind"] != CREDIT_NOTE or document["of"]
    return document


def _opened(connection: Connection, entry: Entry) -> Mapping[str, Any]:
    keys = dict(PostgresArchive(connection).keys(owners(entry.doc)))
    data: Mapping[str, Any] = unseal(entry.doc, keys)["data"]
    return data


def _buyer(connection: Connection, data: Mapping[str, Any], settings: Settings) -> Document:
    """The pro: always its id; its name and numbers unless nobody said them, or it was erased."""
    pro, known = data["pro"], data.get("buyer")
    if known == ERASED:
        return {"id": pro, "erased": True}
    if known is None:
        known = buyers(connection, settings, [pro]).get(pro, {})
    return {"id": pro, **known}


def _line(entry: FrozenEntry, vat_rate: Fraction, zone: str) -> Document:
    return {
        "mission": entry.mission,
        "date": local_day(entry.ended_at, zone).isoformat(),
        "service": entry.service,
        "city": entry.city,
        "minutes": entry.minutes,
        "gross": to_amount(entry.gross, entry.currency),
        "commission": to_amount(entry.commission, entry.currency),
        "vat": to_amount(entry.vat, entry.currency),
        "rate": entry.rate,
        "vat_rate": ratio_text(vat_rate),
    }


def _vat_rate(chronicle: Chronicle, entry: FrozenEntry, position: int) -> Fraction:
    """The rate by which the VAT of an entry was worked out: that of the policy the entry names, in its city."""
    return Fraction(chronicle.policy(entry.policy, position).for_city(entry.city).billing.vat)


def _zones(connection: Connection, missions: Sequence[str], position: int) -> dict[str, str]:
    """The zone of each mission, as it was requested before the document was issued."""
    streams = [f"mission/{each}" for each in missions]
    requests = read(connection, streams=streams, types=("mission.requested",), until=position)
    return {entry.subject: entry.data["timezone"] for entry in map(entry_of_row, requests)}


def _breakdown(lines: Sequence[Document], currency: str) -> list[Document]:
    """VAT by rate, highest first: sums of lines, each of which was rounded once."""
    found: dict[str, list[int]] = {}
    for line in lines:
        sums = found.setdefault(line["vat_rate"], [0, 0])
        sums[0] += signed_minor(line["commission"], currency)
        sums[1] += signed_minor(line["vat"], currency)
    return [
        {"rate": rate, "base": to_amount(base, currency), "vat": to_amount(vat, currency)}
        for rate, (base, vat) in sorted(found.items(), key=lambda each: Fraction(each[0]), reverse=True)
    ]
