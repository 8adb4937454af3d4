"""The archive of the book: missions, pros and keys read from PostgreSQL, up to a position of the log."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

import orjson

from ledger.book import Located, ProRecord, pro_event
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import type_of
from ledger.instants import NEVER
from ledger.missions.mission import Contribution
from ledger.policies.register import Register
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import LAST, read, read_at
from projections.statements import sql

PUBLISHED = ("policy.published", "city.baseline_published")


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

    def adjustments(self, ids: Collection[str]) -> Mapping[str, list[Entry]]:
        """The adjustments of missions' bills, in order of position."""
        streams = [f"billing/{each}" for each in ids]
        positions = [row[0] for row in self._rows("adjustments_of", {"streams": streams, "until": self.until})]
        found: dict[str, list[Entry]] = {}
        for row in read_at(self.connection, positions):
            entry = entry_of_row(row)
            found.setdefault(entry.subject, []).append(entry)
        return found

    def pros(self, ids: Collection[str]) -> Mapping[str, ProRecord]:
        """What is known of pros: their streams, what their missions contribute, and when they were last heard of."""
        pros = list(ids)
        found = {pro: ProRecord([], [], latest_at) for pro, latest_at in self._rows("latest_of", {"pros": pros})}
        for row in self._rows("participations_of", {"pros": pros}):
            client, city = intern(row[5]), intern(row[6])  # they recur
            found[row[0]].contributions.append(Contribution._make((*row[1:5], client, city, *row[7:])))
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
        for row in read(self.connection, types=("pro.accounts_linked",), until=self.until):
            if row.position not in voided:
                links.add(pro_event(entry_of_row(row)))
        return links

    def chronicle(self, first: Register | None = None) -> tuple[Chronicle, set[int]]:
        """The policies and baselines recorded so far, and the positions of all voided events.

        `first` is what is in force before anything is published.
        """
        chronicle, voided = Chronicle(first), set()
        published = read(self.connection, types=PUBLISHED, until=self.until)
        steps: list[tuple[int, Any]] = [(row.position, row) for row in published]
        for position, *target in self._rows("voided", {"until": self.until}):
            voided.add(target[0])
            if target[1] in PUBLISHED:
                steps.append((position, target))
        for position, step in sorted(steps, key=lambda each: each[0]):
            if isinstance(step, list):
                chronicle.withdraw(position, step[2], step[3])
            else:
                chronicle.publish(entry_of_row(step))
        return chronicle, voided

    def _entries(self, streams: Sequence[str]) -> Iterator[Entry]:
        for row in read(self.connection, streams=streams, until=self.until):
            yield entry_of_row(row)

    def _rows(self, name: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with translated(), self.connection.cursor(binary=True) as cursor:
            return cursor.execute(sql(name), parameters).fetchall()
