"""The events that bills follow from, read as columns: a stretch of the log at a time, or mission by mission.

The server puts the documents of thousands of events into one value, so that none of them becomes a Python object.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from ledger.events.catalogue import TOPIC
from ledger.missions.facts import RATED, RESCHEDULED, TYPE_OF_KIND
from ledger.missions.history import UNCOUNTED
from ledger.store.database import Connection
from projections.plain_bills.asking import Question, answers
from projections.statements import sql

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Progress = Callable[[int, int], None]

EVENTS_AT_ONCE = 16_384
MISSIONS_AT_ONCE = 20_000
SCANNED = 8
"""A log of up to so many events for each mission asked for is read from end to end; beyond, the missions are sought."""

BLOCK_BYTES = 1 << 20
_ARRAY_HEAD = 20
_ELEMENT = np.dtype([("bytes", ">i4"), ("value", ">i8")])
_EPOCH_2000 = 946_684_800_000_000

_TEXT, _COUNT = pa.string(), pa.int64()
_MONEY = {"amount": _TEXT, "currency": _TEXT}
REQUESTED, ACCEPTED, COMPLETED, MODIFIED = (
    TOPIC[name] for name in ("mission.requested", "mission.accepted", "mission.completed", "mission.duration_modified")
)
_DATA: dict[str, dict[str, Any]] = {
    REQUESTED: {
        **dict.fromkeys(("client", "city", "service", "timezone"), _TEXT),
        "price": pa.struct({**_MONEY, "per": _TEXT}),
    },
    ACCEPTED: {"pro": _TEXT},
    COMPLETED: {"pro": _TEXT, "duration_minutes": _COUNT, "ended_at": _TEXT},
    MODIFIED: {
        "pro": _TEXT,
        "duration_minutes": _COUNT,
        "added": pa.list_(pa.struct({"price": pa.struct(_MONEY)})),
    },
}
MOVED = TOPIC[TYPE_OF_KIND[RESCHEDULED]]
IDLE = tuple(TOPIC[TYPE_OF_KIND[kind]] for kind in sorted({*UNCOUNTED, RATED}))
"""Types that never change a bill of a mission whose other events are those of a plain one."""


class Told(NamedTuple):
    """The events of one type: which of the missions asked for, where it stands, when it happened, and its data."""

    mission: Ints
    position: Ints
    at: Ints
    data: Any  # a pyarrow table with one chunk a column


class Facts(NamedTuple):
    """The facts of the missions asked for. `moved`: other starts, which no bill of a completed mission follows from.

    `others` are missions with an event of any other type.
    """

    requested: Told
    accepted: Told
    completed: Told
    modified: Told
    moved: Told
    others: Ints


def read_facts(connection: Connection, missions: Any, until: int, progress: Progress) -> Facts:
    """The facts of missions (a pyarrow array of their ids, each once) up to a position of the log.

    pyarrow.ArrowInvalid where a stored document is not of its type: the log was changed.
    """
    pages: dict[str, list[_Page]] = {}
    questions = list(_questions(missions, until))
    for number, rows in enumerate(answers(connection, questions), 1):
        for topic, *columns in rows:
            pages.setdefault(topic, []).append(_page(topic, *columns))
        progress(number, len(questions))
    topics = (*_DATA, MOVED, *sorted(pages.keys() - {*_DATA, MOVED}))
    tables = [_together(topic, pages.pop(topic, [])) for topic in topics]
    # One search for all of them: to make the index of a million missions takes longer than to look them up.
    subjects = [chunk for each in tables for chunk in each.table["subject"].chunks]
    found = places(pa.chunked_array(subjects, _TEXT), missions)
    ends = np.cumsum([len(each.position) for each in tables])
    told = [_asked(each, mission) for each, mission in zip(tables, np.split(found, ends[:-1]), strict=True)]
    requested, accepted, completed, modified, moved, *others = told
    return Facts(
        requested,
        accepted,
        completed,
        modified,
        moved,
        np.concatenate([moved.mission[:0], *(each.mission for each in others)]),
    )


def _questions(missions: Any, until: int) -> Iterator[Question]:
    shared = {"read": list(_DATA), "idle": list(IDLE)}
    if until <= SCANNED * len(missions):
        for after in range(0, until, EVENTS_AT_ONCE):
            yield sql("bill_facts_between"), {**shared, "after": after, "until": min(until, after + EVENTS_AT_ONCE)}
        return
    for first in range(0, len(missions), MISSIONS_AT_ONCE):
        streams = [f"mission/{each}" for each in missions.slice(first, MISSIONS_AT_ONCE).to_pylist()]
        yield sql("bill_facts_of"), {**shared, "streams": streams, "until": until}


class _Page(NamedTuple):
    """Events of one type as they were read: where they stand, when they happened, and a table that tells the rest."""

    position: Ints
    at: Ints
    table: Any


def _page(topic: str, positions: bytes, instants: bytes, documents: bytes | None, missions: str | None) -> _Page:
    position, at = _integers(positions), _integers(instants) + _EPOCH_2000
    if documents is not None:
        table = _parsed(topic, documents)
    else:
        assert missions is not None
        table = pa.table({"subject": pa.array(missions.split("\n"), _TEXT)})
    assert len(table) == len(position), "one document, or one mission, a line"
    return _Page(position, at, table)


def _together(topic: str, pages: list[_Page]) -> _Page:
    """The events of one type; their table has one chunk a column."""
    nothing = _Page(
        np.zeros(0, np.int64),
        np.zeros(0, np.int64),
        _parsed(topic, b"") if topic in _DATA else pa.table({"subject": pa.array([], _TEXT)}),
    )
    position, at, tables = zip(*(pages or [nothing]), strict=True)
    return _Page(np.concatenate(position), np.concatenate(at), pa.concat_tables(tables).combine_chunks())


def _asked(page: _Page, mission: Ints) -> Told:
    """The events that are of a mission asked for."""
    asked = np.flatnonzero(mission >= 0)
    if len(asked) == len(mission):
        return Told(mission, *page)
    return Told(mission[asked], page.position[asked], page.at[asked], page.table.take(pa.array(asked)).combine_chunks())


def places(subjects: Any, missions: Any) -> Ints:
    """The place of each subject among the missions; -1: it is none of them."""
    found = pc.fill_null(pc.index_in(subjects, value_set=missions), -1)
    result: Ints = found.to_numpy().astype(np.int64)
    return result


def _integers(array: bytes) -> Ints:
    """The elements of a PostgreSQL array of 64-bit integers, or of instants, none of them NULL."""
    return np.frombuffer(array, _ELEMENT, offset=_ARRAY_HEAD)["value"].astype(np.int64)


def _parsed(topic: str, documents: bytes) -> Any:
    """A table of `subject` and the fields of data that a bill reads, nested ones as `price.amount`."""
    schema = pa.schema({"subject": _TEXT, "data": pa.struct(_DATA[topic])})
    if not documents:
        return _flat(schema.empty_table())
    return _flat(
        pa.json.read_json(
            pa.BufferReader(documents),
            read_options=pa.json.ReadOptions(block_size=BLOCK_BYTES),
            parse_options=pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
    )


def _flat(table: Any) -> Any:
    """`data.price.amount` as `price.amount`."""
    while any(pa.types.is_struct(each.type) for each in table.schema):
        table = table.flatten()
    return table.rename_columns([name.removeprefix("data.") for name in table.column_names])
