"""Issued invoices and credit notes as the accounting journal needs them, read from their events in order of issue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice

from ledger.entries import Entry, entry_of_row
from ledger.events.sealing import ERASED, owners, unseal
from ledger.money import signed_minor
from ledger.settings import Settings
from ledger.store.database import Connection
from ledger.store.log import read
from projections.archive import PostgresArchive
from projections.exports.fec import Piece
from projections.parties import buyers

BATCH = 500
CREDIT_NOTE = "credit_note"


def pieces(connection: Connection, settings: Settings, wanted: Callable[[str], bool]) -> Iterator[Piece]:
    """The documents whose period is wanted, some hundreds in memory at a time.

    A pro is called what it was called on the day of issue, else what is known of it today, else by its id; by its id
    alone once it was erased.
    """
    issued = map(entry_of_row, read(connection, types=("invoice.issued",)))
    chosen = (each for each in issued if wanted(each.data["period"]))
    while batch := list(islice(chosen, BATCH)):
        yield from _named(connection, settings, batch)


def _named(connection: Connection, settings: Settings, batch: list[Entry]) -> Iterator[Piece]:
    persons = {person for each in batch for person in owners(each.doc)}
    keys = dict(PostgresArchive(connection).keys(persons))
    buyer = {each.position: unseal(each.doc, keys)["data"].get("buyer") for each in batch}
    unnamed = sorted({each.data["pro"] for each in batch if buyer[each.position] is None})
    known = buyers(connection, settings, unnamed) if unnamed else {}
    for each in batch:
        data, found = each.data, buyer[each.position]
        pro, currency = data["pro"], data["currency"]
        said = known.get(pro, {}) if found is None else {} if found == ERASED else found
        yield Piece(
            number=data["number"],
            credit_note=data["kind"] == CREDIT_NOTE,
            pro=pro,
            name=said.get("name") or pro,
            period=data["period"],
            currency=currency,
            issued=date.fromisoformat(data["issue_date"]),
            commission=signed_minor(data["totals"]["commission"], currency),
            vat=signed_minor(data["totals"]["vat"], currency),
        )
