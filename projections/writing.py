"""Recording a batch of events: rule on each, append to the log, write every projection, in one commit.

One path for one event and for a million. Ruling needs no lock: it works on a book that holds the log up to a position.
The commit takes the log's lock, sees that nobody wrote since, appends, writes the projections, commits and waits for
the disk; only then is anything acknowledged. When somebody was faster, the batch is ruled on again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import orjson
from eventsourcing.persistence import IntegrityError

from ledger.book import Book, Located
from ledger.entries import Entry
from ledger.errors import Conflict, LedgerError
from ledger.events.reading import Incoming
from ledger.recording import Recording
from ledger.store.database import Connection, translated
from ledger.store.log import Cursor, LogRow, append, flush, lock
from projections import catalogue
from projections.archive import PostgresArchive
from projections.statements import LIVE, Writes

Extra = Callable[[Cursor], None]


class Outcome(NamedTuple):
    """What became of one event: `recorded` (with the engine's entries after it), `duplicate`, or `refused`."""

    status: str
    position: int | None = None
    entries: Sequence[Entry] = ()
    error: LedgerError | None = None


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A batch ruled on and ready to be written, if the log still ends at `tail`."""

    outcomes: list[Outcome]
    rows: list[LogRow]
    writes: Writes
    tail: int


class TailMoved(Exception):
    """Another writer recorded something since the book was read: rule again."""


def search_path(connection: Connection, schema: str = LIVE) -> None:
    """Let the projection tables of a connection be those of a schema."""
    with translated():
        connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
        if not connection.autocommit:
            connection.commit()


def fresh_book(connection: Connection, position: int) -> Book:
    """A book of the log as committed up to a position."""
    archive = PostgresArchive(connection, until=position)
    chronicle, voided = archive.chronicle()
    book = Book(archive, position=position, chronicle=chronicle)
    book.voided = voided
    return book


def rule(book: Book, batch: Sequence[Incoming | LedgerError], *, clock_us: int, live: bool) -> Ruled:
    """Rule on a batch in its order. What could not be read comes as its error and is refused as such."""
    events = [each for each in batch if isinstance(each, Incoming)]
    archive = book.archive
    assert isinstance(archive, PostgresArchive)
    known = archive.known([(each.source, each.id) for each in events])
    known.update(book.recent)
    book.open_batch(*_needed(events))
    tail = book.position
    recording = Recording(book, clock_us=clock_us, live=live)
    outcomes = [
        _rule_one(recording, each, known) if isinstance(each, Incoming) else Outcome(status="refused", error=each)
        for each in batch
    ]
    entries = [entry for outcome in outcomes for entry in outcome.entries]
    writes = Writes()
    if entries:
        _save_keys(writes, book)
        catalogue.save(writes, book, catalogue.touch(entries), book.position)
    return Ruled(outcomes=outcomes, rows=[entry.row() for entry in entries], writes=writes, tail=tail)


def commit(connection: Connection, ruled: Ruled, *, extra: Extra | None = None) -> datetime | None:
    """Write a ruled batch in one transaction and wait for the disk; when it was recorded (None: nothing to record).

    `extra` writes more in the same commit. Raises `TailMoved`; then nothing was written.
    """
    recorded = None
    with translated(), connection.transaction(), connection.cursor() as cursor:
        if ruled.rows:
            tail = lock(cursor)
            if tail.position != ruled.tail:
                raise TailMoved
            recorded = tail.recorded
            try:
                append(cursor, ruled.rows, recorded, tail=tail.position)
            except IntegrityError as error:
                raise Conflict("concurrent_change", f"the log changed under this write: {error}; try again") from error
            ruled.writes.execute(cursor)
        if extra is not None:
            extra(cursor)
    if recorded is not None:
        flush(connection)
    return recorded


def _needed(events: Sequence[Incoming]) -> tuple[dict[str, None], dict[str, None]]:
    """The missions and pros a batch names."""
    missions: dict[str, None] = {}
    pros: dict[str, None] = {}
    for each in events:
        if each.type.startswith("mission."):
            missions[each.subject] = None
            named = each.doc["data"].get("pro")
            if named:
                pros[named] = None
        elif each.type.startswith("pro."):
            pros[each.subject] = None
    return missions, pros


def _rule_one(recording: Recording, incoming: Incoming, known: dict[tuple[str, str], Located]) -> Outcome:
    name = (incoming.source, incoming.id)
    there = known.get(name)
    try:
        if there is not None:
            return _known_already(recording, incoming, there)
        entries = recording.record(incoming)
    except LedgerError as error:
        return Outcome(status="refused", error=error)
    located = Located(entries[0].position, incoming.type, incoming.subject, entries[0].digest)
    known[name] = recording.book.recent[name] = located
    for entry in entries[1:]:
        recording.book.recent[entry.source, entry.id] = Located(entry.position, entry.type, entry.subject, entry.digest)
    return Outcome(status="recorded", position=entries[0].position, entries=entries)


def _known_already(recording: Recording, incoming: Incoming, there: Located) -> Outcome:
    """The same content again is a duplicate and writes nothing; another content under the same id is a conflict."""
    recording.seal(incoming)
    if incoming.digest == there.digest:
        return Outcome(status="duplicate", position=there.position)
    raise Conflict(
        "idempotency_conflict",
        f"{incoming.id} of {incoming.source} is recorded at #{there.position} with another content "
        f"(digest {there.digest.hex()[:12]}, this one {incoming.digest.hex()[:12]}); give a new event a new id",
        position=there.position,
    )


def _save_keys(writes: Writes, book: Book) -> None:
    if book.fresh_keys:
        rows = [{"person": person, "key": key.hex()} for person, key in book.fresh_keys.items()]
        writes.run("save_keys", rows=orjson.dumps(rows).decode())
        book.fresh_keys = {}
    if book.erased:
        writes.run("erase_keys", persons=orjson.dumps(sorted(book.erased)).decode())
        book.erased = set()
