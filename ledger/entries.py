"""One event as the log holds it: its position, its stream and version, and the document that was stored."""

from __future__ import annotations

from typing import Any

import orjson

from ledger.events.catalogue import ENGINE_SOURCE, TOPIC, stream_of, topic_of, type_of, upcast
from ledger.events.incoming import Incoming
from ledger.store.copying import CopyBuffer, digest_in, encoded, state_in
from ledger.store.log import LogRow, StoredRow


class Entry:
    """A recorded event. `pros` are the pros it concerns, `mission` and `city` those whose facts it changed.

    `reconsidered` are the positions of earlier facts that it made count, or count no longer.
    """

    __slots__ = (
        "_digest",
        "_doc",
        "_state",
        "at",
        "city",
        "encoded",
        "id",
        "mission",
        "position",
        "pros",
        "reconsidered",
        "size",
        "source",
        "subject",
        "told",
        "type",
        "version",
    )

    def __init__(self, position: int, event_type: str, subject: str, source: str, event_id: str, at: int) -> None:
        self.position = position
        self.version = 0
        self.type = event_type
        self.subject = subject
        self.source = source
        self.id = event_id
        self.at = at
        self._doc: dict[str, Any] | None = None
        self.encoded: bytes | None = None  # its fields as COPY reads them, with a state of so many bytes at the end
        self.size = 0
        self.told: tuple[Any, ...] | None = None
        self._state = b""
        self._digest = b""
        self.pros: tuple[str, ...] = ()
        self.mission = ""
        self.city = ""
        self.reconsidered: tuple[int, ...] = ()

    @property
    def stream(self) -> str:
        """The stream it belongs to."""
        return stream_of(self.type, self.subject)

    @property
    def state(self) -> bytes:
        """What is stored."""
        return self._state if self.encoded is None else state_in(self.encoded, self.size)

    @property
    def digest(self) -> bytes:
        """The SHA-256 of that."""
        return self._digest if self.encoded is None else digest_in(self.encoded, self.size)

    def store(self, state: bytes, digest: bytes) -> None:
        """Set what is stored, and its digest."""
        self.encoded, self._state, self._digest = None, state, digest

    @property
    def doc(self) -> dict[str, Any]:
        """The stored document, its data in the shape of today's revision."""
        if self._doc is None:
            self._doc = orjson.loads(self.state)
        return self._doc

    @doc.setter
    def doc(self, doc: dict[str, Any]) -> None:
        self._doc = doc

    def pack(self) -> None:
        """Drop the unpacked document of an event just recorded; it can be unpacked again."""
        self._doc = None

    @property
    def data(self) -> dict[str, Any]:
        """The event's data (personal fields sealed)."""
        data: dict[str, Any] = self.doc["data"]
        return data

    @property
    def by_engine(self) -> bool:
        """Whether the engine wrote it."""
        return self.source == ENGINE_SOURCE

    def copy_to(self, buffer: CopyBuffer) -> None:
        """Add the row to append to a buffer of them."""
        fields = self.encoded
        if fields is None:
            topic = topic_of(self.type)
            fields = encoded(self.stream, topic, self.source, self.id, self.at, self._digest, self._state)
        buffer.add(self.position, self.version, fields)

    def row(self) -> LogRow:
        """The row to append."""
        return LogRow(
            self.position,
            self.stream,
            self.version,
            topic_of(self.type),
            self.source,
            self.id,
            self.at,
            self.digest,
            self.state,
        )


def entry_of(incoming: Incoming, position: int) -> Entry:
    """The entry an incoming event becomes."""
    entry = Entry(position, incoming.type, incoming.subject, incoming.source, incoming.id, incoming.at)
    entry.told = incoming.told
    if incoming.encoded is None:
        entry.store(incoming.state, incoming.digest)
    else:
        entry.encoded, entry.size = incoming.encoded, incoming.size
    return entry


def stored_document(row: StoredRow) -> dict[str, Any]:
    """The document of a stored row, its data in the shape of today's revision."""
    doc: dict[str, Any] = orjson.loads(row.state)
    if row.type != TOPIC.get(row.type):  # not written in today's revision
        doc = {**doc, "data": upcast(row.type, doc["data"])}
    return doc


def entry_of_row(row: StoredRow) -> Entry:
    """The entry of a stored row."""
    entry = Entry(row.position, type_of(row.type)[0], row.stream.partition("/")[2], row.source, row.id, row.occurred)
    entry.version = row.version
    entry.doc = stored_document(row)
    entry.store(row.state, row.digest)
    return entry


def engine_document(
    event_type: str, pro: str, event_id: str, time: str, cause: Entry, data: dict[str, Any]
) -> dict[str, Any]:
    """The document of an event that the engine writes."""
    doc: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": ENGINE_SOURCE,
        "type": event_type,
        "subject": pro,
        "time": time,
        "causationid": cause.id,
        "data": data,
    }
    if cause.doc.get("correlationid"):
        doc["correlationid"] = cause.doc["correlationid"]
    return doc
