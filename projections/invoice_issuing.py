"""Issuing: the documents of a closed period, numbered in the commit that records them.

The pros are taken in order, some hundreds to a commit. Each commit looks, under the log's lock, at what is on no
document yet: so two processes at once issue each entry once, and after one was killed a rerun issues what is missing.
The running number is the version of the series' stream, which nobody else can move meanwhile.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ledger.billing_entries import FrozenEntry
from ledger.errors import Refused
from ledger.events.catalogue import stream_of
from ledger.events.incoming import Incoming
from ledger.instants import local_day, to_text
from ledger.invoicing import INVOICE, Item, Planned, digest, due_date, number_text, planned, series_name, sums
from ledger.money import to_amount
from ledger.settings import Settings
from ledger.store.database import Connection, translated
from ledger.wording import mentions
from projections.archive import PostgresArchive, fresh_book
from projections.invoice_reading import listed, refuse_unknown
from projections.parties import buyers, seller
from projections.periods import Closed, closed_periods
from projections.statements import sql
from projections.writing import Ruled, rule, rule_locked

Document = dict[str, Any]

PROS_PER_COMMIT = 200
SOURCE = "mission-ledger/invoices"

_Numbers = Sequence[int]
"""The numbers of some entries of a close."""

Progress = Callable[[int, int], None]
"""Called with the number of pros done, and of all."""


class _Waiting(NamedTuple):
    """Entries that correct a line which is on no document yet, and the periods of those lines."""

    entries: int
    periods: tuple[str, ...]


def issue(
    connection: Connection,
    period: str,
    *,
    pro: str | None,
    by: str | None,
    settings: Settings,
    clock: Callable[[], int],
    progress: Progress,
) -> Document:
    """`{"period", "issued": [as in the list], "waiting": {"entries", "periods"}, "lacking": [..]}`.

    Refuses `period_open`, `unknown_pro`, `invalid_settings`. What is issued before an error stays issued; the same call
    again issues the rest.
    """
    closed = closed_periods(connection).get(period)
    if closed is None:
        text = f"{period} is not closed, its amounts may still change: run mission-ledger billing close {period} first"
        raise Refused("period_open", text, period=period)
    refuse_unknown(connection, pro)
    pros = _invoiceable(connection, closed.position, pro)
    issued: list[Document] = []
    entries, before = 0, set[str]()
    progress(0, len(pros))
    for start in range(0, len(pros), PROS_PER_COMMIT):
        chunk = pros[start : start + PROS_PER_COMMIT]
        made, waiting = _issue_some(connection, closed, chunk, by, settings, clock)
        issued += made
        entries += waiting.entries
        before.update(waiting.periods)
        progress(min(start + PROS_PER_COMMIT, len(pros)), len(pros))
    return {
        "period": period,
        "issued": issued,
        "waiting": {"entries": entries, "periods": sorted(before)},
        "lacking": list(settings.lacking()),
    }


def _invoiceable(connection: Connection, position: int, pro: str | None) -> list[_Numbers]:
    """Of each pro the numbers of the entries of a close that may be put on documents, as long as nobody else does."""
    with translated(), connection.cursor(binary=True) as cursor:
        cursor.execute(sql("invoiceable_pros"), {"position": position, "pro": pro})
        return [array("i", numbers) for _, numbers in cursor]


def _issue_some(
    connection: Connection,
    closed: Closed,
    pros: Sequence[_Numbers],
    by: str | None,
    settings: Settings,
    clock: Callable[[], int],
) -> tuple[list[Document], _Waiting]:
    waiting = _Waiting(0, ())

    def ruling(position: int) -> Ruled:
        nonlocal waiting
        items, periods = _items(connection, closed.position, [number for numbers in pros for number in numbers])
        waiting = _Waiting(sum(each.waits for each in items), tuple(sorted(periods)))
        at = max(clock(), _latest_issue(connection))  # in a series, no number is issued before a lower one
        documents = _documents(connection, planned(items), position, closed.period, by, settings, at)
        batch = [Incoming.of(each) for each in documents]
        ruled = rule(fresh_book(connection, position), batch, clock_us=at, live=True, commanded=True)
        for outcome in ruled.outcomes:
            if outcome.error is not None:
                raise outcome.error
        return ruled

    ruled, _ = rule_locked(connection, ruling)
    return [listed(entry) for outcome in ruled.outcomes for entry in outcome.entries], waiting


def _items(connection: Connection, position: int, numbers: Sequence[int]) -> tuple[list[Item], set[str]]:
    """What may be put on documents of these entries of a close, and the periods of lines that others wait for."""
    with translated(), connection.cursor(binary=True) as cursor:
        # The table of what is on documents was perhaps empty a moment ago; planned for that, it would be read whole
        # for each entry.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        rows = cursor.execute(sql("invoiceable"), {"position": position, "numbers": list(numbers)}).fetchall()
    items = [Item(row[0], row[1], row[2], row[3], FrozenEntry._make(row[5:])) for row in rows]
    return items, {row[4] for row in rows if row[3]}


def _latest_issue(connection: Connection) -> int:
    row = connection.execute(sql("latest_issue")).fetchone()
    assert row is not None
    return int(row[0])


def _documents(
    connection: Connection,
    documents: Sequence[Planned],
    position: int,
    period: str,
    by: str | None,
    settings: Settings,
    at: int,
) -> Iterator[Document]:
    """The wire documents of the events, in order, each with the next number of its series."""
    issued = local_day(at, settings.issuer.zone)
    due = due_date(issued, settings.payment.due_days)
    selling = seller(settings)
    buying = buyers(connection, settings, list(dict.fromkeys(each.pro for each in documents)))
    running = _Running(connection)
    for each in documents:
        entries = [item.entry for item in each.items]
        prefix = settings.series.invoice if each.kind == INVOICE else settings.series.credit_note
        series = series_name(prefix, issued)
        totals = sums(entries)
        if each.kind == INVOICE and totals.vat and settings.issuer.vat_regime == "franchise":
            raise _exempt(each.pro, to_amount(totals.vat, each.currency), each.currency)
        known = settings.pros.get(each.pro)
        language = (known.language if known else None) or settings.issuer.language
        number = number_text(series, running.next(series, each.kind))
        data: Document = {
            "number": number,
            "kind": each.kind,
            "of": each.of or None,
            "pro": each.pro,
            "period": period,
            "currency": each.currency,
            "entries": [[item.position, item.number] for item in each.items],
            "totals": totals.amounts(each.currency),
            "digest": digest(entries),
            "by": by,
            "zone": settings.issuer.zone,
            "issue_date": issued.isoformat(),
            "due_date": due.isoformat() if each.kind == INVOICE else None,
            "language": language,
            "mentions": mentions(
                language,
                settings.mentions,
                kind=each.kind,
                of=each.of,
                due=due,
                seller_regime=settings.issuer.vat_regime,
                buyer_regime=known.vat_regime if known else "standard",
                vat=totals.vat,
            ),
            "seller": selling,
            "buyer": buying.get(each.pro),
        }
        yield {
            "specversion": "1.0",
            "id": number,
            "source": SOURCE,
            "type": "invoice.issued",
            "subject": series,
            "time": to_text(at),
            "data": {name: value for name, value in data.items() if value is not None},
        }


def _exempt(pro: str, vat: str, currency: str) -> Refused:
    """Whoever shows VAT on a document owes it, exempt or not (directive 2006/112/EC art. 203, CGI art. 283-3)."""
    text = (
        f"the issuer is exempt from VAT, yet what {pro} is to be invoiced for bears {vat} {currency} of it by the "
        'policy its missions were agreed under; set vat_regime = "standard" in the settings while such are invoiced'
    )
    return Refused("invalid_settings", text, pro=pro)


class _Running:
    """The running numbers that come next; the log's lock keeps them true until the commit."""

    def __init__(self, connection: Connection) -> None:
        self._archive = PostgresArchive(connection)
        self._versions: dict[str, int] = {}

    def next(self, series: str, kind: str) -> int:
        """The next number of a series. Refuses (`invalid_settings`) one that documents of another kind are in."""
        if series not in self._versions:
            row = self._archive.connection.execute(sql("series_kind"), {"series": series}).fetchone()
            if row is not None and row[0] != kind:
                text = f"series {series} is one of {row[0].replace('_', ' ')}s already"
                raise Refused("invalid_settings", f"{text}; give another prefix in [series] of the settings")
            stream = stream_of("invoice.issued", series)
            self._versions[series] = self._archive.versions((stream,)).get(stream, 0)
        self._versions[series] += 1
        return self._versions[series]
