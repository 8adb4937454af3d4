"""An archive in memory: it answers from the recorded entries alone, as the database does from its tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from missions.kit import Document

from ledger.archive import Located, ProRecord
from ledger.book import Book, pro_event
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.events.incoming import canonical
from ledger.events.reading import read_document
from ledger.instants import NEVER, parse_us
from ledger.missions.facts import Fact
from ledger.missions.history import MissionHistory
from ledger.missions.mission import Contribution
from ledger.pros.links import Links
from ledger.recording import Recording

CLOCK = parse_us("2027-06-01T00:00:00Z")


class Shelf:
    """What was recorded, and the questions a book asks of it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.chronicle = Chronicle()
        self.stored_keys: dict[str, bytes | None] = {}
        self.latest: dict[str, int] = {}  # account → when it was last heard of

    @property
    def voided(self) -> dict[int, int]:
        """The positions of voided events, and of their voids."""
        found = (
            (self.locate(each.data["source"], each.subject), each.position)
            for each in self.entries
            if each.type == "ledger.event_voided"
        )
        return {each.position: void for each, void in found if each is not None}

    @property
    def links(self) -> Links:
        """The accounts that are linked."""
        links, voided = Links(), self.voided
        for each in self.entries:
            if each.type == "pro.accounts_linked" and each.position not in voided:
                links.add(pro_event(each))
        return links

    def book(self) -> Book:
        """A book that holds nothing yet and reads everything from here."""
        book = Book(self, position=len(self.entries), chronicle=self.chronicle)
        book.voided, book.links = self.voided, self.links
        return book

    def record(self, document: Document, book: Book | None = None) -> str:
        """One event through a fresh book (or the one given); `recorded` or the refusal's code."""
        book = book or self.book()
        try:
            entries = Recording(book, clock_us=CLOCK).record(read_document(document))
        except Refused as refusal:
            return refusal.code
        self.entries += entries
        self.latest |= {pro: book.pro(pro).latest[pro] for each in entries for pro in each.pros}
        self.stored_keys |= book.fresh_keys
        self.stored_keys |= dict.fromkeys(book.erased)
        return "recorded"

    # -- ledger.book.Archive ------------------------------------------------------------------------------------

    def missions(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        streams: dict[str, list[Entry]] = {}
        for each in self.entries:
            if each.type.startswith("mission.") and each.subject in ids:
                streams.setdefault(each.subject, []).append(each)
        return streams

    def adjustments(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        streams: dict[str, list[Entry]] = {}
        for each in self.entries:
            if each.type == "billing.adjusted" and each.subject in ids:
                streams.setdefault(each.subject, []).append(each)
        return streams

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        records = {}
        for pro in ids:
            events = [pro_event(each) for each in self.entries if each.type.startswith("pro.") and each.subject == pro]
            latest_at = self.latest.get(pro, NEVER)
            if events or latest_at != NEVER:
                records[pro] = ProRecord(events, self._contributions(pro), latest_at)
        return records

    def _contributions(self, pro: str) -> list[Contribution]:
        voided, found = self.voided, []
        for mission in dict.fromkeys(each.subject for each in self.entries if each.type.startswith("mission.")):
            entries = self.missions((mission,))[mission]
            history = MissionHistory(mission)
            facts = [Fact(each.type, each.at, each.position, each.data) for each in entries]
            gone = {each.position: voided[each.position] for each in entries if each.position in voided}
            history.restore(facts, gone, self.chronicle.at)
            if pro in history.contributions:
                found.append(history.contributions[pro])
        return found

    def versions(self, streams: Collection[str]) -> Mapping[str, int]:
        return {each.stream: each.version for each in self.entries if each.stream in streams}

    def locate(self, source: str, event_id: str) -> Located | None:
        for each in self.entries:
            if (each.source, each.id) == (source, event_id):
                return Located(each.position, each.type, each.subject, each.digest)
        return None

    def positions_of(self, event_id: str) -> list[int]:
        return [each.position for each in self.entries if each.id == event_id]

    def at(self, position: int) -> Located | None:
        each = self.entries[position - 1]
        return Located(position, each.type, each.subject, each.digest)

    def keys(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        return {person: self.stored_keys[person] for person in persons if person in self.stored_keys}


def written(entries: list[Entry]) -> list[tuple[object, ...]]:
    """The rows that would be stored, byte by byte; `state` is checked to be the canonical document."""
    for each in entries:
        assert each.state == canonical(each.doc)
    return [tuple(each.row()) for each in entries]
