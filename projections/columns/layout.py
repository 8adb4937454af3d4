"""Which columns a segment has, and how the events of a stretch of the log become them (Apache Arrow, LZ4).

Two tables: `EVENTS`, a row per event, and `DETAILS`, a row for each request, each service added, each unavailability.
A mission is named by how far back its first event stands, so that no id is repeated; other names are dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pyarrow as pa

from ledger.entries import Entry
from ledger.events.catalogue import TOPIC, type_of, upcast
from ledger.instants import NEVER, parse_us
from ledger.missions.facts import KIND, REQUESTED, Told, told
from ledger.store.log import DocumentRow
from projections.columns.kinds import ADJUSTED, DOCUMENT, DOCUMENTS, EXPIRED, UNAVAILABLE, VERIFIED, kind_of
from projections.columns.numbered import numbers_of, sum_of

_NAME = pa.dictionary(pa.int32(), pa.string())
EVENTS = pa.schema(
    {
        "kind": pa.uint8(),
        "back": pa.uint32(),  # position − that of its mission's first event + 1; 0: about no mission
        "pro": _NAME,  # who is named; empty: nobody
        "at": pa.int64(),
        "by": pa.int8(),
        "flag": pa.int8(),  # excused and series of a cancellation, stars of a rating, verified check-in …
        "minutes": pa.int32(),
        "when": pa.int64(),  # the new start, the end, the arrival
    }
)
DETAILS = pa.schema(
    {
        "row": pa.uint32(),  # of its event in EVENTS
        "mission": pa.string(),  # the id, where its stream begins
        "client": _NAME,
        "city": _NAME,
        "service": _NAME,
        "timezone": _NAME,
        "currency": _NAME,
        "series": _NAME,
        "amount": pa.int64(),  # minor units; until when somebody is unavailable
        "hourly": pa.int8(),
    }
)
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")

Event = tuple[int, str, str, int, str, int, dict[str, Any]]
"""(position, type, subject, version, source, occurred, data) of an event, its data in the shape of today's revision."""

FirstOf = Callable[[str], int]
"""Mission → the position of its first event."""


class Stretch:
    """Consecutive events on their way into a segment. `missions` are those that begin in it."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.missions: dict[str, int] = {}
        self._events: list[tuple[Any, ...]] = []
        self._details: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return len(self._events)

    @property
    def last(self) -> int:
        """The position of the last event."""
        return self.first + len(self._events) - 1

    @property
    def earliest(self) -> int:
        """When the earliest of its events happened."""
        return min(int(event[_AT]) for event in self._events)

    @property
    def latest(self) -> int:
        """When the latest of its events happened."""
        return max(int(event[_AT]) for event in self._events)

    def add(self, event: Event, first_of: FirstOf) -> None:
        """Add the event of the next position."""
        position, event_type, subject, version, source, at, data = event
        assert position == self.first + len(self._events), "a gap in the positions"
        kind = kind_of(event_type, source)
        if kind < len(KIND):
            said = told(event_type, at, data)
            self._add_mission(said, position, subject, version, at, first_of)
        elif kind == ADJUSTED:
            back = position - first_of(subject) + 1
            self._events.append((kind, back, "", at, 0, 0, 0, NEVER))
        elif event_type.startswith("pro."):
            self._add_pro(kind, event_type, subject, at, data)
        else:
            self._events.append((kind, 0, "", at, 0, 0, 0, NEVER))

    def _add_mission(self, said: Told, position: int, mission: str, version: int, at: int, first_of: FirstOf) -> None:
        _, pro, *_, request, added = said
        kind, by, flag, minutes, when = numbers_of(said)
        if version == 1:
            self.missions[mission] = position
            back = 1
        else:
            first = self.missions.get(mission)
            back = position - (first if first is not None else first_of(mission)) + 1
        if kind == REQUESTED:
            assert request is not None
            client, city, service, timezone, _, _, currency, amount, hourly, series = request
            names = (client, city, service, timezone, currency, series)
            self._details.append((len(self._events), mission if version == 1 else "", *names, amount, hourly))
        elif added:
            currency, amount = sum_of(added)
            self._details.append((len(self._events), *_NOBODY, currency, "", amount, 0))
        self._events.append((kind, back, pro, at, by, flag, minutes, when))

    def _add_pro(self, kind: int, event_type: str, pro: str, at: int, data: dict[str, Any]) -> None:
        by, flag, when = 0, 0, NEVER
        if kind == DOCUMENT:
            by = EXPIRED if event_type == "pro.document_expired" else VERIFIED
            flag = DOCUMENTS.index(data["kind"])
        elif kind == UNAVAILABLE:
            when = parse_us(data["starts_at"])
            self._details.append((len(self._events), *_NOBODY, "", "", parse_us(data["ends_at"]), 0))
        self._events.append((kind, 0, pro, at, by, flag, 0, when))

    def packed(self) -> tuple[bytes, bytes]:
        """The two tables as Arrow streams."""
        return _stream(EVENTS, self._events), _stream(DETAILS, self._details)


def event_of(entry: Entry) -> Event:
    """What is packed of an entry."""
    return entry.position, entry.type, entry.subject, entry.version, entry.source, entry.at, entry.data


def event_of_row(row: DocumentRow) -> Event:
    """What is packed of a stored row."""
    position, topic, stream, version, source, at, state = row
    data: dict[str, Any] = orjson.loads(state)["data"]
    if topic != TOPIC.get(topic):  # not written in today's revision
        data = upcast(topic, data)
    return position, type_of(topic)[0], stream.partition("/")[2], version, source, at, data


_AT = EVENTS.get_field_index("at")
_NOBODY = ("", "", "", "", "")
"""The names of a detail that is no request: mission, client, city, service, zone."""


def _stream(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> bytes:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    batch = pa.record_batch(
        [_column(values, field.type) for values, field in zip(columns, schema, strict=True)], schema
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema, options=_OPTIONS) as writer:
        writer.write_batch(batch)
    stream: bytes = sink.getvalue().to_pybytes()
    return stream


def _column(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kind)


def unpacked(stream: bytes) -> pa.RecordBatch:
    """The one table of an Arrow stream."""
    with pa.ipc.open_stream(stream) as reader:
        return reader.read_next_batch()
