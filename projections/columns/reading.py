"""Reading the columns back, a segment at a time, with one numbering of missions and names over the whole log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ledger.instants import to_us
from ledger.missions.facts import REQUESTED
from ledger.store.database import Connection, translated
from ledger.store.log import read_documents
from projections.columns import upkeep
from projections.columns.layout import Event, Stretch, event_of_row, unpacked
from projections.columns.names import Names
from projections.columns.packing import Firsts
from projections.columns.upkeep import LAYOUT, packed_until
from projections.statements import sql

SEGMENTS_AT_ONCE = 4

Numbers = npt.NDArray[Any]


class Events(NamedTuple):
    """A stretch of the log. The first columns have an item per event, in order of position from `first` on.

    `mission` is a number or -1, `detail` an index into the columns that follow it, or -1. Names are numbers.
    """

    first: int
    kind: Numbers
    mission: Numbers
    pro: Numbers
    at: Numbers
    by: Numbers
    flag: Numbers
    minutes: Numbers
    when: Numbers
    detail: Numbers
    client: Numbers
    city: Numbers
    service: Numbers
    timezone: Numbers
    currency: Numbers
    series: Numbers
    amount: Numbers
    hourly: Numbers

    def at_rows(self, rows: Numbers) -> Events:
        """The same events, or some of them, in another order; `first` says nothing then."""
        per_event = {name: getattr(self, name)[rows] for name in PER_EVENT}
        return self._replace(first=0, **per_event)


PER_EVENT = ("kind", "mission", "pro", "at", "by", "flag", "minutes", "when", "detail")
_PER_DETAIL = Events._fields[Events._fields.index("detail") + 1 :]
NAMED = ("pro", "client", "city", "service", "timezone", "currency", "series")


class Extent(NamedTuple):
    """At most so many missions begin, and every event happened from `earliest` to `latest`."""

    missions: int
    earliest: int
    latest: int


Stretches = Iterator[tuple[int, pa.RecordBatch, pa.RecordBatch]]
"""(position of the first event, its EVENTS, its DETAILS), in order and without a gap."""


class Source(Protocol):
    """Where the stretches of a log come from."""

    until: int

    def extent(self) -> Extent:
        """How much there is to read, before it is read."""
        ...

    def stretches(self) -> Stretches:
        """All of it."""
        ...


class Stored:
    """The log of a database up to a position: the packed segments, and then what is not packed."""

    def __init__(self, connection: Connection, until: int) -> None:
        self._connection = connection
        self.until = until

    def extent(self) -> Extent:
        """How much there is to read, before it is read."""
        chosen = {"layout": LAYOUT, "until": min(self.until, packed_until(self._connection))}
        with translated():
            row = self._connection.execute(sql("segments_extent"), chosen).fetchone()
            assert row is not None
            missions, last, *spans = row
            rest = self._connection.execute(sql("occurred_span"), {"after": last, "until": self.until}).fetchone()
        assert rest is not None
        instants = [each for each in (*spans, *map(to_us, filter(None, rest))) if each is not None]
        return Extent(int(missions) + self.until - int(last), min(instants, default=0), max(instants, default=0))

    def stretches(self) -> Stretches:
        """All of it; of a segment that goes too far the events are read from the log."""
        packed, after = packed_until(self._connection), 0
        while after < min(packed, self.until):
            chosen = {"layout": LAYOUT, "after": after, "until": min(packed, self.until), "batch": SEGMENTS_AT_ONCE}
            with translated(), self._connection.cursor(binary=True) as cursor:
                rows = cursor.execute(sql("segments"), chosen).fetchall()
            for first, last, _, events, details in rows:
                yield first, unpacked(events), unpacked(details)
                after = last
            if len(rows) < SEGMENTS_AT_ONCE:
                break
        pages = read_documents(self._connection, after=after, until=self.until, batch=upkeep.LEAST)
        yield from made((event_of_row(row) for page in pages for row in page), after + 1, Firsts(self._connection))


def made(events: Iterable[Event], first: int, firsts: Firsts) -> Stretches:
    """Stretches of events that are not packed, made as they would be."""
    stretch, batch = Stretch(first), list[Event]()
    for event in events:
        batch.append(event)
        if len(batch) == upkeep.STRETCH:
            yield _made(stretch, batch, firsts)
            stretch, batch = Stretch(event[0] + 1), []
    if batch:
        yield _made(stretch, batch, firsts)


def _made(stretch: Stretch, batch: list[Event], firsts: Firsts) -> tuple[int, pa.RecordBatch, pa.RecordBatch]:
    firsts.prepare(batch)
    for each in batch:
        stretch.add(each, firsts)
    firsts.learn(stretch.missions)
    events, details = map(unpacked, stretch.packed())
    return stretch.first, events, details


class Log:
    """A log as columns, with one numbering of names and missions over all of it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names = {name: Names() for name in NAMED}
        self._ids: list[pa.Array] = []
        self._begun = 0

    @property
    def mission_ids(self) -> pa.Array:
        """The id of each mission read so far, by number."""
        if len(self._ids) != 1:
            self._ids = [pa.concat_arrays([pa.array([], pa.string()), *self._ids])]
            pa.default_memory_pool().release_unused()  # the parts, of which there may be a hundred megabytes
        return self._ids[0]

    def __iter__(self) -> Iterator[Events]:
        """Every stretch in order; may be asked for again, and then numbers everything as the first time."""
        self._ids, self._begun = [], 0
        number_at = np.empty(self.source.until, np.int32)  # position − 1 of a mission's first event → its number
        for first, events, details in self.source.stretches():
            yield self._numbered(first, events, details, number_at)

    def whole(self) -> Events:
        """Everything at once."""
        parts = list(self)
        if not parts:
            events, details = map(unpacked, Stretch(1).packed())
            parts = [self._numbered(1, events, details, np.empty(0, np.int32))]
        before = np.cumsum([0, *(len(each.client) for each in parts[:-1])])
        shifted = [
            each._replace(detail=np.where(each.detail >= 0, each.detail + shift, -1).astype(np.int32))
            for each, shift in zip(parts, before, strict=True)
        ]
        columns = {name: np.concatenate([getattr(each, name) for each in shifted]) for name in Events._fields[1:]}
        return Events(first=1, **columns)

    def _numbered(self, first: int, events: pa.RecordBatch, details: pa.RecordBatch, number_at: Numbers) -> Events:
        kind, back = events["kind"].to_numpy(), events["back"].to_numpy()
        index = np.arange(first - 1, first - 1 + len(kind), dtype=np.int64)
        begins = np.flatnonzero((kind == REQUESTED) & (back == 1))
        number_at[index[begins]] = np.arange(self._begun, self._begun + len(begins), dtype=np.int32)
        ids = details["mission"].filter(pc.not_equal(details["mission"], ""))
        assert len(ids) == len(begins), "every mission begins with a request"
        self._ids.append(ids)
        self._begun += len(begins)
        about = np.flatnonzero(back)
        mission = np.full(len(kind), -1, np.int32)
        mission[about] = number_at[index[about] - back[about] + 1]
        detail = np.full(len(kind), -1, np.int32)
        detail[details["row"].to_numpy()] = np.arange(len(details), dtype=np.int32)
        named = {name: self.names[name].numbers(details[name]) for name in NAMED if name != "pro"}
        return Events(
            first=first,
            kind=kind,
            mission=mission,
            pro=self.names["pro"].numbers(events["pro"]),
            at=events["at"].to_numpy(),
            by=events["by"].to_numpy(),
            flag=events["flag"].to_numpy(),
            minutes=events["minutes"].to_numpy(),
            when=events["when"].to_numpy(),
            detail=detail,
            amount=details["amount"].to_numpy(),
            hourly=details["hourly"].to_numpy(),
            **named,
        )
