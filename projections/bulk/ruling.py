"""Ruling on a batch by columns: what it makes of missions is told at once, what that makes of pros in its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.book import Book
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.events.incoming import Incoming
from ledger.store.copying import CopyBuffer
from projections import catalogue
from projections.archive import PostgresArchive
from projections.bulk import people_rows as people
from projections.bulk import rows
from projections.bulk.batch import Batch
from projections.bulk.courses import Courses
from projections.bulk.known_terms import KnownTerms
from projections.bulk.lines import IDS, SOURCES, Lines
from projections.bulk.placement import Known, Placement
from projections.bulk.touching import touch, without_flat
from projections.compiled.missions import MOVED
from projections.statements import Writes
from projections.touched import Touched
from projections.writing import Ruled, check_refused, save_keys

Numbers = npt.NDArray[Any]

MOVES_KEPT = 2_000_000
CLIENTS_KEPT = 500_000
REGISTERS_KEPT = 500
"""So many are kept until the book is read anew: of the moves of pros, the names of clients, and what was known when."""
PUBLICATIONS = 3
"""So many policies and baselines in one batch make tables often enough that plain Python is quicker."""


class ByColumns:
    """Rules on the batches of one import. What is kept flat belongs to the book, and is thrown away with it."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.courses = Courses(book)
        self.terms = KnownTerms(self.courses)
        book.beside = self.courses

    @property
    def full(self) -> bool:
        """Whether more is kept than should be, for an import whose memory is to stay flat."""
        people, clients = self.courses.people, self.courses.names["client"]
        return people.many > MOVES_KEPT or len(clients.number) > CLIENTS_KEPT or self.terms.many > REGISTERS_KEPT

    def rule(self, lines: Lines, *, clock_us: int, trusting: bool) -> Ruled | None:
        """As `projections.writing.rule` does, to the same end. None: this batch is better ruled on by that."""
        archive = self.book.archive
        assert isinstance(archive, PostgresArchive)
        names = zip(*lines.columns[SOURCES : IDS + 1], strict=True)
        known: Known = {} if trusting else archive.known([each for each in names if each[1]])
        placement = Placement(lines, known, clock_us=clock_us)
        changing = placement.changing()
        if sum(placement.types[place].endswith("published") for place in changing) > PUBLICATIONS:
            return None
        span = placement.span()
        if span is None or not self.terms.begin(*span):
            return None
        batch = Batch(self.book, self.courses, self.terms, lines, placement, known, clock_us=clock_us)
        batch.open(trusting=trusting)
        batch.place(changing)
        if trusting and batch.refused:
            check_refused(archive, ((_item(lines, place), error) for place, error in batch.refused))
        return _ruled(batch, trusting=trusting)


def _item(lines: Lines, place: int) -> Incoming | LedgerError:
    return lines.errors[place] if place in lines.errors else lines.event(place)


def _ruled(batch: Batch, *, trusting: bool) -> Ruled:
    """What is to be written of a batch that is placed."""
    book, everything = batch.book, len(batch.lines)
    book.position = batch.positions.before(everything)
    batch.counts["recorded"] += len(batch.flat)
    for name, doubtful in batch.found_about.items():
        if doubtful:
            book.pro(name)
    writes, buffer = Writes(), _rows(batch)
    if len(buffer):
        batch.named.visible = everything
        save_keys(writes, book)
        touched = catalogue.touch(entry for place in sorted(batch.beside) for entry in _one_by_one(batch, place))
        touch(touched, batch)
        without_flat(touched, batch)
        _write(writes, batch, touched)
    return Ruled(
        rows=buffer,
        writes=writes,
        tail=batch.positions.base,
        trusting=trusting,
        counts=batch.counts,
        refused=batch.refused,
        first=_first(batch),
        recent=sum(len(_one_by_one(batch, place)) for place in batch.beside),
        under_way=batch.named,
    )


def _rows(batch: Batch) -> CopyBuffer:
    """The rows of the log: flat events as their reader encoded them, and between them what stands beside."""
    buffer = CopyBuffer(batch.positions.base + 1)
    versions, done = batch.versions.tolist(), 0
    for place in sorted(batch.beside):
        buffer.extend(versions[done:place], batch.fields[done:place])
        for entry in batch.beside[place]:
            entry.copy_to(buffer)
        done = place + 1
    buffer.extend(versions[done:], batch.fields[done:])
    return buffer


def _one_by_one(batch: Batch, place: int) -> Sequence[Entry]:
    """What plain Python recorded at a place: all of it, or after a flat event what was found because of it."""
    entries = batch.beside[place]
    return entries[1:] if batch.what[place] == MOVED else entries


def _first(batch: Batch) -> tuple[str, str, int] | None:
    """(source, id, position) of the first event recorded."""
    places = [*batch.flat[:1].tolist(), *(place for place, entries in batch.beside.items() if entries)]
    if not places:
        return None
    place = min(places)
    return *batch.placement.names[place], batch.positions.at(place)


def _write(writes: Writes, batch: Batch, touched: Touched) -> None:
    """Write every projection: the rows of the missions that are flat, then all others."""
    courses, flat = batch.courses, batch.flat
    numbers = batch.placement.events["mission"][flat]
    touching = np.isin(batch.placement.kind[flat], rows.TOUCHING)
    for number in rows.save_lines(writes, courses, batch.terms, batch.kept(numbers[touching])):
        mission, last = courses.ids[number], flat[touching & (numbers == number)][-1:]
        touched.lines[mission] = int(batch.positions.of(last)[0])
        touched.missions[mission] = None
        batch.book.mission(mission)
    rows.save_participations(writes, courses, batch.kept(numbers))
    people.save(writes, batch)
    catalogue.save(writes, batch.book, touched, batch.book.position)
