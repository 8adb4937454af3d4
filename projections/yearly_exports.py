"""The documents of a year: DAC7 rows, the statements of pros, the attestations of clients.

Each says what may still change (`Months.open_answer`): in `provisional` the months that are not closed, in `unbooked`
the lines that came too late for the close of their month and the month whose close books them, in `waiting` how many
closed amounts the next closes correct as the facts now stand, whatever their month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.entries import Entry
from ledger.events.sealing import ERASED, owners, unseal
from ledger.instants import to_us
from ledger.money import to_minor
from ledger.settings import Settings
from projections.archive import PostgresArchive
from projections.export_reading import BATCH, NO_DAY, Months, quarter
from projections.exports import dac7, statements
from projections.exports.attestations import Agreed, attestation, by_client
from projections.exports.billed import Billed
from projections.parties import seller

Document = dict[str, Any]


def dac7_document(months: Months, year: int) -> Document:
    """`{"year", "rounding", "provisional", "unbooked", "waiting", "rows"}`, the rows as in `dac7.rows`.

    Linked accounts are one seller. All months are read: what was refunded before the year may be carried into it, and
    what was booked after it may belong to it.
    """
    links = PostgresArchive(months.connection).links(months.voided)
    billed = months.months(months.known(), sharp=quarter)
    rows = dac7.rows(billed, year, links.group)
    return {"year": year, "rounding": "half_up", **months.open_answer(f"{year:04d}", by_session=True), "rows": rows}


def statements_document(months: Months, year: int, pro: str | None) -> Document:
    """`{"year", "provisional", "unbooked", "waiting", "statements"}`, as in `statements.statements`.

    Of one pro where named.
    """
    billed: Iterable[Billed] = months.year(year, sharp=NO_DAY)
    if pro is not None:
        billed = (each for each in billed if each.pro == pro)
    made = statements.statements(billed, year)
    return {"year": year, **months.open_answer(f"{year:04d}"), "statements": made}


def attestations(months: Months, year: int, client: str | None, services: frozenset[str]) -> Iterator[Document]:
    """The attestations of a year in order of client; of one client, or of some services, where named."""
    day = timedelta(days=1)  # a local year begins and ends within a day of that of UTC
    start, end = datetime(year, 1, 1, tzinfo=UTC) - day, datetime(year + 1, 1, 1, tzinfo=UTC) + day
    billed: Iterable[Billed] = months.clients(to_us(start), to_us(end), client)
    if services:
        billed = (each for each in billed if each.service in services)
    for some in _batched(by_client(billed, year)):
        requests = months.requests({row.mission for _, rows in some for row in rows})
        keys = PostgresArchive(months.connection).keys(
            {each for request in requests.values() for each in owners(request.doc)}
        )
        for name, rows in some:
            own = {row.mission: requests[row.mission] for row in rows}
            agreed = {mission: _agreed(request) for mission, request in own.items()}
            address = _address(own.values(), dict(keys))
            made = attestation(name, rows, year, agreed, months.rounding, {"address": address})
            if made is not None:
                yield made


def _batched(clients: Iterable[tuple[str, list[Billed]]]) -> Iterator[list[tuple[str, list[Billed]]]]:
    """The clients, so many at a time that their requests are worth a question to the log."""
    some: list[tuple[str, list[Billed]]] = []
    count = 0
    for client, rows in clients:
        some.append((client, rows))
        count += len(rows)
        if count >= BATCH:
            yield some
            some, count = [], 0
    if some:
        yield some


def attestation_head(months: Months, year: int, settings: Settings) -> Document:
    """`{"year", "provisional", "unbooked", "waiting", "provider", "lacking"}`.

    Who attests, and what the settings do not say.
    """
    needed = ("name", "address", "siren", "sap_number")
    lacking = [f"issuer.{each}" for each in needed if getattr(settings.issuer, each) is None]
    said = (seller(settings) or {}) | {"sap_number": settings.issuer.sap_number}
    provider = {name: said.get(name) for name in ("name", "address", "siren", "siret", "sap_number", "email")}
    still_open = months.open_answer(f"{year:04d}", by_session=True)
    return {"year": year, **still_open, "provider": provider, "lacking": lacking}


def _agreed(request: Entry) -> Agreed:
    price = request.data["price"]
    return Agreed(to_minor(price["amount"], price["currency"]), per_hour=price["per"] == "hour")


def _address(requests: Iterable[Entry], keys: dict[str, bytes | None]) -> str | None:
    """The address of the client's latest request that gave one; None where there is none, or it was erased."""
    for entry in sorted(requests, key=lambda each: each.position, reverse=True):
        address = unseal(entry.doc, keys)["data"].get("address")
        if address and address != ERASED:
            return str(address)
    return None
