"""The archive of the book: missions, pros and keys read from PostgreSQL, up to a position of the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, NamedTuple

import orjson

from ledger.archive import Located, ProRecord
from ledger.book import Book, pro_event
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import topics_of, type_of
from ledger.instants import NEVER
from ledger.missions.mission import Contribution
from ledger.policies.register import Register
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import LAST, StoredRow, read, read_at
from projections.statements import sql

LINKED = "pro.accounts_linked"
VOIDED = "ledger.event_voided"
POLICY, BASELINE = "policy.published", "city.baseline_published"
PUBLISHED = (POLICY, BASELINE)


class Void(NamedTuple):
    """A void, and what it voids: positions, stored type, source and id."""

    position: int
    target: int
    type: str
    source: str
    id: str


class PostgresArchive:
    """Reads what a book does not hold. Projection tables are those of the connection's search path."""

    def __init__(self, connection: Connection, *, until: int = LAST) -> None:
        self.connection = connection
        self.until = until

    def missions(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        """The streams of missions, each in order of position."""
        found: dict[str, list[Entry]] = {}
        for entry in self._entries([f"mission/{each}" for each in ids]):
            found.setdefault(entry.subject, []).append(entry)
        return found

    def missions_with_set_aside(self, pros: Collection[str], **types: list[str]) -> list[str]:
        """The missions of these pros in which an event may count for nothing; `types` are stored names, by role."""
        asked = {"pros": list(pros), "until": self.until, **types}
        return [row[0] for row in self._rows("missions_with_set_aside", asked)]

    def adjustments(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        """The adjustments of missions' bills, in order of position."""
        found: dict[str, list[Entry]] = {}
        for entry in map(entry_of_row, self.adjustment_rows(ids)):
            found.setdefault(entry.subject, []).append(entry)
        return found

    def adjustment_rows(self, missions: Collection[str]) -> list[StoredRow]:
        """The rows of them."""
        streams = [f"billing/{each}" for each in missions]
        positions = [row[0] for row in self._rows("adjustments_of", {"streams": streams, "until": self.until})]
        return list(read_at(self.connection, positions))

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        """What is known of pros: their streams, what their missions contribute, and when they were last heard of."""
        pros = list(ids)
        found = {pro: ProRecord([], [], latest_at) for pro, latest_at in self._rows("latest_of", {"pros": pros})}
        for row in self._rows("participations_of", {"pros": pros}):
            client, city = intern(row[5]), intern(row[6])  # they recur
            record = found.setdefault(row[0], ProRecord([], [], NEVER))  # it may be committed just now
            record.contributions.append(Contribution._make((*row[1:5], client, city, *row[7:])))
        for entry in self._entries([f"pro/{each}" for each in pros]):
            found.setdefault(entry.subject, ProRecord([], [], NEVER)).events.append(pro_event(entry))
        return found

    def versions(self, streams: Collection[str]) -> Mapping[str, int]:
        """The last version of each stream that exists."""
        return dict(self._rows("stream_versions", {"streams": list(streams), "until": self.until}))

    def locate(self, source: str, event_id: str) -> Located | None:
        """Where an event stands."""
        for position, topic, stream, digest in self._rows(
            "locate", {"source": source, "id": event_id, "until": self.until}
        ):
            return Located(position, type_of(topic)[0], stream.partition("/")[2], digest)
        return None

    def positions_of(self, event_id: str) -> list[int]:
        """Where the events of an id stand, whatever their source."""
        return [row[0] for row in self._rows("locate_id", {"id": event_id}) if row[0] <= self.until]

    def at(self, position: int) -> Located | None:
        """What stands at a position."""
        for row in read_at(self.connection, [position] if position <= self.until else []):
            return Located(position, type_of(row.type)[0], row.stream.partition("/")[2], row.digest)
        return None

    def found_since(self, position: int) -> list[str]:
        """The pros about whom the engine found something after a position."""
        rows = self._rows("found_since", {"position": position, "until": self.until})
        return [row[0].partition("/")[2] for row in rows]

    def known(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Located | Entry]:
        """Which of these (source, id) are recorded."""
        by_source: dict[str, list[str]] = {}
        for source, event_id in keys:
            by_source.setdefault(source, []).append(event_id)
        found: dict[tuple[str, str], Located | Entry] = {}
        for source, ids in by_source.items():
            parameters = {"source": source, "ids": orjson.dumps(ids).decode()}
            for _, event_id, digest, position, topic, stream in self._rows("known_ids", parameters):
                found[source, event_id] = Located(position, type_of(topic)[0], stream.partition("/")[2], digest)
        return found

    def keys(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        """The keys of persons; None where the person was erased."""
        return dict(self._rows("keys_of", {"persons": list(persons)}))

    def links(self, voided: Collection[int]) -> Links:
        """Which accounts are linked, as recorded so far."""
        links = Links()
        for row in read(self.connection, types=(LINKED,), until=self.until):
            if row.position not in voided:
                links.add(pro_event(entry_of_row(row)))
        return links

    def chronicle(self, first: Register | None = None) -> tuple[Chronicle, dict[int, int]]:
        """The policies and baselines recorded so far, and all voids: position of the voided event → of its void.

        `first` is what is in force before anything is published.
        """
        voids = self.every_void()
        return _chronicle(first, self.publications(), voids), {each.target: each.position for each in voids}

    def published(self, *, cities: Collection[str] | None = None) -> Chronicle:
        """The policies recorded so far, and the baselines: of all cities, or of some."""
        rows = self.publications(cities)
        return _chronicle(None, rows, self.voids(positions=[row.position for row in rows]))

    def publications(self, cities: Collection[str] | None = None) -> list[StoredRow]:
        """The rows that published policies, and baselines of all cities or of some, in order of position."""
        rows = list(read(self.connection, types=PUBLISHED if cities is None else (POLICY,), until=self.until))
        rows += read(self.connection, streams=[f"city/{each}" for each in cities or ()], until=self.until)
        return sorted(rows, key=lambda each: each.position)

    def voids(self, *, streams: Collection[str] = (), positions: Collection[int] = ()) -> list[Void]:
        """Which events of some streams, or at some positions, were voided."""
        if not streams and not positions:
            return []
        within = {"streams": list(streams), "positions": list(positions), "until": self.until}
        return [Void._make(row) for row in self._rows("voids_within", within)]

    def every_void(self) -> list[Void]:
        """Which events were voided, of everybody."""
        return [Void._make(row) for row in self._rows("voided", {"until": self.until})]

    def accounts(self, pro: str) -> tuple[str, ...]:
        """All accounts of the person behind a pro, this one included, in order of name."""
        rows = self._rows("accounts_of", {"pro": pro})
        return tuple(rows[0][0]) if rows else (pro,)

    def ever_linked(self, pros: Collection[str]) -> tuple[str, ...]:
        """All accounts that are, or once were, linked to these, themselves included, in order of name."""
        asked = {"pros": list(pros), "types": topics_of([LINKED]), "until": self.until}
        return tuple(sorted(row[0] for row in self._rows("ever_linked", asked)))

    def _entries(self, streams: Sequence[str]) -> Iterator[Entry]:
        for row in read(self.connection, streams=streams, until=self.until):
            yield entry_of_row(row)

    def _rows(self, name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with translated(), self.connection.cursor(binary=True) as cursor:
            return cursor.execute(sql(name), parameters).fetchall()


def _chronicle(first: Register | None, published: Sequence[StoredRow], voids: Iterable[Sequence[Any]]) -> Chronicle:
    """What was known when, of what was published and of the voids (as `Void`) that took some of it back."""
    chronicle = Chronicle(first)
    steps: list[tuple[int, Any]] = [(row.position, row) for row in published]
    steps += [(position, (source, event_id)) for position, _, name, source, event_id in voids if name in PUBLISHED]
    for position, step in sorted(steps, key=lambda each: each[0]):
        if isinstance(step, StoredRow):
            chronicle.restore(entry_of_row(step))
        else:
            chronicle.withdraw(position, *step)
    return chronicle


def fresh_book(connection: Connection, position: int) -> Book:
    """A book of the log as committed up to a position."""
    archive = PostgresArchive(connection, until=position)
    chronicle, voided = archive.chronicle()
    book = Book(archive, position=position, chronicle=chronicle, from_empty=position == 0)
    book.voided, book.links = voided, archive.links(voided)
    return book


def growing_book(connection: Connection, position: int, *, earlier: Book | None = None) -> Book:
    """The same for several commits one after the other: what they add is seen when it is asked for again.

    What an `earlier` one knows of policies, voids and links is kept, unless more of that was recorded since.
    """
    if earlier is None or _moved(connection, earlier.position, position):
        book = fresh_book(connection, position)
        assert isinstance(book.archive, PostgresArchive)
        book.archive.until = LAST
        return book
    book = Book(PostgresArchive(connection), position=position, chronicle=earlier.chronicle)
    book.voided, book.links = earlier.voided, earlier.links
    return book


def _moved(connection: Connection, after: int, until: int) -> bool:
    """Whether something between two positions changed what every later event is judged by."""
    asked = {"after": after, "until": until, "types": topics_of([*PUBLISHED, LINKED, VOIDED])}
    with translated():
        row = connection.execute(sql("terms_moved"), asked).fetchone()
    assert row is not None
    return bool(row[0])
