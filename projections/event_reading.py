"""Recorded events as wire documents: what was sent, with `sequence` and `recordedtime`, personal text readable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ledger.entries import Entry, stored_document
from ledger.errors import Misused
from ledger.events.catalogue import TYPES, topics_of
from ledger.events.sealing import owners, unseal
from ledger.instants import to_text
from ledger.store.database import Connection, translated
from ledger.store.log import StoredRow, read, read_at
from projections.archive import PostgresArchive
from projections.known import accounts_of, check_mission
from projections.statements import sql

BATCH = 2000
ERASURE = topics_of(["ledger.subject_erased"])


class Unsealer:
    """Turns stored documents into what was sent; keys are read once."""

    def __init__(self, archive: PostgresArchive) -> None:
        self._archive = archive
        self._keys: dict[str, bytes | None] = {}

    def learn(self, documents: Iterable[dict[str, Any]]) -> None:
        """Read the keys that these documents need."""
        needed = {person for doc in documents for person in owners(doc)} - self._keys.keys()
        if needed:
            self._keys.update(dict.fromkeys(needed))
            self._keys.update(self._archive.keys(needed))

    def wire(self, entry: Entry, recorded: str) -> dict[str, Any]:
        """The wire document of an entry just recorded."""
        self.learn([entry.doc])
        return self._wired(entry.doc, entry.position, recorded)

    def wire_row(self, row: StoredRow, doc: dict[str, Any]) -> dict[str, Any]:
        """The wire document of a stored row."""
        return self._wired(doc, row.position, to_text(row.recorded))

    def _wired(self, doc: dict[str, Any], position: int, recorded: str) -> dict[str, Any]:
        plain = unseal(doc, self._keys)
        data = plain.pop("data") if plain is not doc else doc["data"]
        envelope = {key: value for key, value in plain.items() if key != "data"}
        return {**_ordered(envelope), "recordedtime": recorded, "sequence": position, "data": data}


_ORDER = ("specversion", "id", "source", "type", "subject", "time")


def _ordered(envelope: dict[str, Any]) -> dict[str, Any]:
    """Attributes in the order people know them; stored documents have theirs sorted."""
    first = {name: envelope[name] for name in _ORDER}
    return first | {name: value for name, value in envelope.items() if name not in first}


def events(
    connection: Connection,
    *,
    pro: str | None = None,
    mission: str | None = None,
    event_type: str | None = None,
    after: int = 0,
) -> Iterator[dict[str, Any]]:
    """Recorded events in order of position: all, or everything about a pro, a mission, or of a type.

    About a mission: its stream, the adjustments of its bill, and the voids of either. About a pro: its own stream, all
    that of the missions it took part in, the documents issued to it, its erasure. Each filter narrows: of a pro and a
    mission, what is about the mission, if it is one of the pro's.

    Refuses `unknown_pro` and `unknown_mission`; Misused: `unknown_type`.
    """
    if pro is not None:
        accounts_of(connection, pro)
    if mission is not None:
        check_mission(connection, mission)
    types = None
    if event_type is not None:
        if event_type not in TYPES:
            from ledger.events.refusing import not_a_type  # noqa: PLC0415  imports every model

            raise Misused("unknown_type", not_a_type(event_type))
        types = topics_of([event_type])
    if pro is None and mission is None:
        rows = read(connection, after=after, types=types)
    else:
        found = _about(connection, pro, mission)
        rows = (row for row in found if row.position > after and (types is None or row.type in types))
    unsealer = Unsealer(PostgresArchive(connection))
    while batch := list(islice(rows, BATCH)):
        documents = [stored_document(row) for row in batch]
        unsealer.learn(documents)
        for row, doc in zip(batch, documents, strict=True):
            yield unsealer.wire_row(row, doc)


def _about(connection: Connection, pro: str | None, mission: str | None) -> list[StoredRow]:
    """What is recorded about a mission, or a pro, in order of position; each is found by its key."""
    missions = missions_of(connection, [pro]) if pro is not None else [str(mission)]
    missions = [each for each in missions if mission in (None, each)]
    streams = [f"mission/{each}" for each in missions]
    archive = PostgresArchive(connection)
    found = archive.adjustment_rows(missions)
    if mission is None:
        streams.append(f"pro/{pro}")
        found += read(connection, streams=[f"ledger/{pro}"], types=ERASURE)  # a void of an event of that name is not
        found += read_at(connection, _issued_to(connection, str(pro)))
    positions = [row.position for row in found]
    found += read(connection, streams=streams)
    voids = archive.voids(streams=streams, positions=positions)
    found += read_at(connection, [each.position for each in voids])
    return sorted(found, key=lambda row: row.position)


def _issued_to(connection: Connection, pro: str) -> list[int]:
    """Where the invoices and credit notes stand that were issued to a pro."""
    with translated():
        return [row[0] for row in connection.execute(sql("issued_to"), {"pro": pro}).fetchall()]


def missions_of(connection: Connection, pros: Sequence[str]) -> list[str]:
    """The missions that pros accepted, or were only proposed."""
    with translated():
        return [row[0] for row in connection.execute(sql("missions_of"), {"pros": list(pros)}).fetchall()]
