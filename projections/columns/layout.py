"""Which columns a segment has, and how the events of a stretch of the log become them (Apache Arrow, LZ4).

Two tables: `EVENTS`, a row per event, and `DETAILS`, a row for each request, each service added, each unavailability.
A mission is named by how far back its first event stands, so that no id is repeated; other names are dictionaries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from ledger.entries import Entry
from ledger.instants import NEVER, parse_us
from ledger.missions.facts import CANCELLED, KIND, RATED, REQUESTED, told
from ledger.missions.lifecycle import SERIES_ENDED
from projections.columns.kinds import ADJUSTED, DOCUMENT, DOCUMENTS, EXPIRED, UNAVAILABLE, VERIFIED, kind_of

EXCUSED, OF_SERIES = 1, 2
"""Bits of `flag` of a cancellation."""
MIXED = "*"
"""The currency of services that were added in several."""

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

    def add(self, entry: Entry, first_of: FirstOf) -> None:
        """Add the event of the next position."""
        assert entry.position == self.first + len(self._events), "a gap in the positions"
        kind = kind_of(entry.type, entry.source)
        if kind < len(KIND):
            self._add_mission(kind, entry, first_of)
        elif kind == ADJUSTED:
            back = entry.position - first_of(entry.subject) + 1
            self._events.append((kind, back, "", entry.at, 0, 0, 0, NEVER))
        elif entry.type.startswith("pro."):
            self._add_pro(kind, entry)
        else:
            self._events.append((kind, 0, "", entry.at, 0, 0, 0, NEVER))

    def _add_mission(self, kind: int, entry: Entry, first_of: FirstOf) -> None:
        said = entry.told or told(entry.type, entry.at, entry.data)
        _, pro, by, flag, minutes, stars, when, reason, request, added = said
        if entry.version == 1:
            self.missions[entry.subject] = entry.position
            back = 1
        else:
            first = self.missions.get(entry.subject)
            back = entry.position - (first if first is not None else first_of(entry.subject)) + 1
        if kind == REQUESTED:
            client, city, service, timezone, when, minutes, currency, amount, hourly, series = request
            mission = entry.subject if entry.version == 1 else ""
            names = (client, city, service, timezone, currency, series)
            self._details.append((len(self._events), mission, *names, amount, hourly))
        elif kind == CANCELLED:
            flag = (EXCUSED if flag else 0) | (OF_SERIES if reason == SERIES_ENDED else 0)
        elif kind == RATED:
            flag = stars
        elif added:
            currencies = {currency for _, _, currency in added}
            currency = currencies.pop() if len(currencies) == 1 else MIXED
            self._details.append((len(self._events), *_NOBODY, currency, "", sum(minor for _, minor, _ in added), 0))
        self._events.append((kind, back, pro, entry.at, by, flag, minutes, when))

    def _add_pro(self, kind: int, entry: Entry) -> None:
        by, flag, when = 0, 0, NEVER
        if kind == DOCUMENT:
            by = EXPIRED if entry.type == "pro.document_expired" else VERIFIED
            flag = DOCUMENTS.index(entry.data["kind"])
        elif kind == UNAVAILABLE:
            when = parse_us(entry.data["starts_at"])
            self._details.append((len(self._events), *_NOBODY, "", "", parse_us(entry.data["ends_at"]), 0))
        self._events.append((kind, 0, entry.subject, entry.at, by, flag, 0, when))

    def packed(self) -> tuple[bytes, bytes]:
        """The two tables as Arrow streams."""
        return _stream(EVENTS, self._events), _stream(DETAILS, self._details)


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
