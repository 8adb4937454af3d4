"""The demo month through the engine in memory: what an import does, without a database."""

from __future__ import annotations

from collections.abc import Iterable

from commands.demo.writing import Document
from ledger.archive import EmptyArchive, Located
from ledger.billing import Line, line_of
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import Conflict, Refused
from ledger.events.incoming import canonical
from ledger.events.reading import read_document
from ledger.instants import parse_us
from ledger.pros.pro import Pro
from ledger.pros.records import ACCESS_NAMES
from ledger.recording import Recording

NOW = parse_us("2026-11-01T00:00:00Z")


class Ids(EmptyArchive):
    """An archive that knows where events stand, which is all that a void asks."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Located] = {}

    def locate(self, source: str, event_id: str) -> Located | None:
        return self.known.get((source, event_id))


class Played:
    """The ledger after a history: its entries, what was refused, and what came twice."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self.archive = Ids()
        self.book = Book(self.archive)
        self.entries: list[Entry] = []
        self.refused: list[tuple[str, str]] = []
        self.duplicates: list[str] = []
        self._content: dict[tuple[str, str], bytes] = {}
        for document in documents:
            self.send(document)

    def send(self, document: Document) -> None:
        """One event, as an import takes it."""
        try:
            self._send(document)
        except (Refused, Conflict) as refusal:
            self.refused.append((document["id"], refusal.code))

    def _send(self, document: Document) -> None:
        key, content = (document["source"], document["id"]), canonical(document)
        if key in self._content:
            if self._content[key] != content:
                raise Conflict("idempotency_conflict", "the same id with other content")
            self.duplicates.append(key[1])
            return
        entries = Recording(self.book, clock_us=NOW).record(read_document(document))
        self._content[key] = content
        for entry in entries:
            self.archive.known[entry.source, entry.id] = Located(
                entry.position, entry.type, entry.subject, entry.digest
            )
        self.entries += entries

    def pro(self, pro: str) -> Pro:
        return self.book.pro(pro)

    def access(self, pro: str) -> str:
        return ACCESS_NAMES[self.pro(pro).access_at(NOW)]

    def warnings(self, pro: str) -> list[tuple[str, str]]:
        """(rule, day) of every warning, in order."""
        found = [each for each in self.entries if each.type == "pro.warned" and each.subject == pro]
        return [(each.data["rule"], str(each.doc["time"])[:10]) for each in found]

    def findings(self, pro: str, kind: str) -> list[Entry]:
        return [each for each in self.entries if each.by_engine and each.subject == pro and each.type == kind]

    def rate(self, pro: str, city: str) -> tuple[int, int, int]:
        """(accepted, cancelled, no-shows)"""
        figures = self.pro(pro).cities[city]
        return figures.accepted, figures.cancelled, figures.no_shows

    def rating(self, pro: str, city: str) -> tuple[int, int]:
        """(rated, stars)"""
        recent = self.pro(pro).cities[city].rated[-50:]
        return len(recent), sum(each.stars for each in recent)

    def line(self, mission: str) -> Line | None:
        return line_of(self.book.mission(mission).mission, self.book.chronicle.latest)

    def amounts(self, mission: str) -> tuple[int, int, int, int, str]:
        """(minutes, gross, commission, VAT, currency) of a mission's line, in minor units"""
        line = self.line(mission)
        assert line is not None
        return line.minutes, line.gross, line.commission, line.vat, line.currency

    def anomalies(self, mission: str) -> list[str]:
        return [anomaly for _, anomaly in self.book.mission(mission).mission.anomalies]
