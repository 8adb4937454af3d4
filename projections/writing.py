"""Recording a batch of events: rule on each, append to the log, write every projection, in one commit.

One path for one event and for a million. Ruling needs no lock: it works on a book that holds the log up to a position.
The commit takes the log's lock, sees that nobody wrote since, appends, writes the projections, commits and waits for
the disk; only then is anything acknowledged. When somebody was faster, the batch is ruled on again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

import orjson
from eventsourcing.persistence import IntegrityError
from psycopg.errors import UniqueViolation

from ledger.archive import Located, UnderWay
from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import Conflict, IntegrityBroken, LedgerError
from ledger.events.incoming import Incoming
from ledger.missions.facts import KIND
from ledger.recording import Recording
from ledger.store.copying import CopyBuffer
from ledger.store.database import Connection, translated
from ledger.store.log import COPY_ROWS, Cursor, LogRow, Tail, append, append_buffer, flush, lock
from projections import catalogue
from projections.archive import PostgresArchive
from projections.statements import Writes

Extra = Callable[[Cursor], None]


class Outcome(NamedTuple):
    """What became of one event: `recorded` (with the engine's entries after it), `duplicate`, or `refused`."""

    status: str
    position: int | None = None
    entries: Sequence[Entry] = ()
    error: LedgerError | None = None


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """A batch ruled on and ready to be written, if the log still ends at `tail`.

    `counts` are how many events had each status, `refused` those refused, by their place in the batch, and `first` is
    (source, id, position) of the first one recorded. A large import has no `outcomes`: nobody asks for them. `recent`
    is how many of its events the book holds one by one until the archive sees them, `under_way` the others.
    """

    rows: CopyBuffer | list[LogRow]
    writes: Writes
    tail: int
    trusting: bool
    counts: Counter[str] = field(default_factory=Counter)
    refused: Sequence[tuple[int, LedgerError]] = ()
    first: tuple[str, str, int] | None = None
    outcomes: Sequence[Outcome] = ()
    recent: int = 0
    under_way: UnderWay | None = None


class RuleAgain(Exception):
    """The ruling does not hold: another writer recorded something since, or what it trusted in is not so."""


def rule(
    book: Book,
    batch: Sequence[Incoming | LedgerError],
    *,
    clock_us: int,
    live: bool,
    trusting: bool = False,
    commanded: bool = False,
) -> Ruled:
    """Rule on a batch in its order. What could not be read comes as its error and is refused as such.

    A `trusting` ruling does not look up whether events and missions are new; it assumes so. When that is wrong,
    a refused event turns out to be known (raises `RuleAgain` here) or a unique key of the log is violated (`commit`
    raises it): either way nothing of the batch is kept, and it is ruled on again with everything looked up.
    `commanded`: the batch comes from a command, which may make events that are refused from anywhere else.
    """
    events = [each for each in batch if isinstance(each, Incoming)]
    archive = book.archive
    assert isinstance(archive, PostgresArchive)
    known = {} if trusting else archive.known([(each.source, each.id) for each in events])
    # What is known already is only compared; its text is sealed for that, by the mission it is about.
    new = [each for each in events if each.personal or (each.source, each.id) not in known] if known else events
    missions, pros = _needed(new)
    fresh = [each for each, first in missions.items() if first == "mission.requested"] if trusting else []
    book.open_batch(missions, pros, fresh=fresh)
    tail = book.position
    recording = Recording(book, clock_us=clock_us, live=live, commanded=commanded)
    outcomes = [
        rule_one(recording, each, known) if isinstance(each, Incoming) else Outcome(status="refused", error=each)
        for each in batch
    ]
    refused = [(place, each.error) for place, each in enumerate(outcomes) if each.error is not None]
    if trusting:
        check_refused(archive, [(batch[place], error) for place, error in refused])
    entries = [entry for outcome in outcomes for entry in outcome.entries]
    writes = Writes()
    if entries:
        save_keys(writes, book)
        catalogue.save(writes, book, catalogue.touch(entries), book.position)
    return Ruled(
        rows=_rows(entries),
        writes=writes,
        tail=tail,
        trusting=trusting,
        counts=Counter(map(attrgetter("status"), outcomes)),
        refused=refused,
        first=(entries[0].source, entries[0].id, entries[0].position) if entries else None,
        outcomes=outcomes,
        recent=len(entries),
    )


def _rows(entries: Sequence[Entry]) -> CopyBuffer | list[LogRow]:
    if len(entries) <= COPY_ROWS:
        return [entry.row() for entry in entries]
    buffer = CopyBuffer(entries[0].position)
    for entry in entries:
        entry.copy_to(buffer)
    return buffer


def commit(connection: Connection, ruled: Ruled, *, extra: Extra | None = None) -> datetime | None:
    """Write a ruled batch in one transaction and wait for the disk; when it was recorded (None: nothing to record).

    `extra` writes more in the same commit. Raises `RuleAgain`; then nothing was written.
    """
    recorded = None
    with translated(), connection.transaction(), connection.cursor() as cursor:
        if ruled.writes.statements:
            tail = lock(cursor)
            if tail.position != ruled.tail:
                raise RuleAgain
            recorded = _append(cursor, ruled, tail)
        if extra is not None:
            extra(cursor)
    if recorded is not None:
        flush(connection)
    return recorded


def rule_locked(
    connection: Connection, ruling: Callable[[int], Ruled], *, extra: Callable[[Ruled], Extra | None] | None = None
) -> tuple[Ruled, datetime | None]:
    """Rule on a batch while holding the log's lock, so that no other writer can be faster, and write it.

    `ruling` gets the position the log ends at. Raises `RuleAgain` when it was trusting and wrong.
    """
    recorded = None
    with translated(), connection.transaction(), connection.cursor() as cursor:
        tail = lock(cursor)
        ruled = ruling(tail.position)
        if ruled.writes.statements:
            recorded = _append(cursor, ruled, tail)
        more = extra(ruled) if extra is not None else None
        if more is not None:
            more(cursor)
    if recorded is not None:
        flush(connection)
    return ruled, recorded


def _append(cursor: Cursor, ruled: Ruled, tail: Tail) -> datetime:
    try:
        if isinstance(ruled.rows, CopyBuffer):
            append_buffer(cursor, ruled.rows, tail.recorded, tail=tail.position)
        else:
            append(cursor, ruled.rows, tail.recorded, tail=tail.position)
    except IntegrityError as error:
        if ruled.trusting:
            raise RuleAgain from error
        raise Conflict("concurrent_change", f"the log changed under this write: {error}; try again") from error
    try:
        ruled.writes.execute(cursor)
    except UniqueViolation as error:
        if ruled.trusting:
            raise RuleAgain from error
        text = (
            f"the projections hold rows that no event explains ({error.diag.message_detail}); run mission-ledger verify"
        )
        raise IntegrityBroken("integrity_broken", text) from error
    return tail.recorded


def _needed(events: Sequence[Incoming]) -> tuple[dict[str, str], dict[str, None]]:
    """The missions a batch names, each with the type of its first event, and the pros."""
    missions: dict[str, str] = {}
    pros: dict[str, None] = {}
    for each in events:
        if each.type in KIND or each.type == "billing.adjusted":
            missions.setdefault(each.subject, each.type)
            if each.pro:
                pros[each.pro] = None
        elif each.type.startswith("pro."):
            pros[each.subject] = None
    return missions, pros


def check_refused(archive: PostgresArchive, refused: Iterable[tuple[Incoming | LedgerError, LedgerError]]) -> None:
    """An event refused in trust may be one that is recorded already; raises `RuleAgain` then."""
    names = [(each.source, each.id) for each, error in refused if isinstance(each, Incoming) and error.exit_code == 1]
    if names and archive.known(names):
        raise RuleAgain


def rule_one(recording: Recording, incoming: Incoming, known: Mapping[tuple[str, str], Located | Entry]) -> Outcome:
    """Rule on one event; what is recorded is in the book's `recent` afterwards."""
    name, book = (incoming.source, incoming.id), recording.book
    recent = book.recent
    there = book.on_its_way(name) or known.get(name)
    try:
        if there is not None:
            return _known_already(recording, incoming, there)
        entries = recording.record(incoming)
    except LedgerError as error:
        # A refusal is a value; with a traceback it would hold the whole batch, in a cycle that only a collector breaks.
        return Outcome(status="refused", error=error.with_traceback(None))
    entry = entries[0]
    recent[name] = entry
    entry.pack()
    incoming.pack()
    if len(entries) > 1:
        for each in entries[1:]:
            recent[each.source, each.id] = each
    return Outcome("recorded", entry.position, entries)


def _known_already(recording: Recording, incoming: Incoming, there: Located | Entry) -> Outcome:
    """The same content again is a duplicate and writes nothing; another content under the same id is a conflict."""
    digest = recording.seal(incoming).digest
    if digest == there.digest:
        return Outcome(status="duplicate", position=there.position)
    raise Conflict(
        "idempotency_conflict",
        f"{incoming.id} of {incoming.source} is recorded at #{there.position} with another content "
        f"(digest {there.digest.hex()[:12]}, this one {digest.hex()[:12]}); give a new event a new id",
        position=there.position,
    )


def save_keys(writes: Writes, book: Book) -> None:
    """Write the keys that were made, and destroy those of who was erased."""
    if book.fresh_keys:
        rows = [{"person": person, "key": key.hex()} for person, key in book.fresh_keys.items()]
        writes.run("save_keys", rows=orjson.dumps(rows).decode())
        book.fresh_keys = {}
    if book.erased:
        writes.run("erase_keys", persons=orjson.dumps(sorted(book.erased)).decode())
        book.erased = set()
