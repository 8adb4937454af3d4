"""The book of one person: what `fresh_book` reads of everybody, read of one, so that it does not grow with the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ledger.archive import ProRecord
from ledger.book import Book
from ledger.pros.links import Links
from ledger.pros.records import ProEvent
from ledger.store.database import Connection
from projections.archive import PostgresArchive


class _OnePerson(PostgresArchive):
    """The archive of a book about one person, whose record was read to know what else to read."""

    def __init__(self, connection: Connection, records: Mapping[str, ProRecord], *, until: int) -> None:
        super().__init__(connection, until=until)
        self._records = records

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        """The person's accounts; of anybody else as always."""
        others = [each for each in ids if each not in self._records]
        return {**self._records, **(super().pros(others) if others else {})}


def book_of(connection: Connection, pro: str, position: int) -> Book:
    """A book that answers for one person. `position` is that of the last event: the projections tell the accounts.

    It knows every policy, and of the baselines those of the person's cities; `voided` are the voided events of the
    person's own streams and those that decisions name as proof. Voided events of missions are for the caller to add.
    """
    archive = PostgresArchive(connection, until=position)
    accounts = archive.accounts(pro)
    records = archive.pros(accounts)
    events = [each for record in records.values() for each in record.events]
    cities = {each.city for record in records.values() for each in record.contributions}
    cities |= {each.data["figures"].get("city") or "" for each in events if "figures" in each.data} - {""}
    book = Book(
        _OnePerson(connection, records, until=position), position=position, chronicle=archive.published(cities=cities)
    )
    book.links = Links.of(accounts)
    voids = archive.voids(streams=[f"pro/{each}" for each in accounts], positions=_proofs(book, events))
    book.voided = {each.target: each.position for each in voids}
    return book


def _proofs(book: Book, events: Collection[ProEvent]) -> list[int]:
    """Where the events stand that people's decisions name as proof."""
    named = {proof for each in events if each.type == "pro.suspended" for proof in each.data.get("evidence") or ()}
    return sorted({position for proof in named for position in book.positions_of(proof)})
