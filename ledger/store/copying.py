"""The log's rows in PostgreSQL's binary COPY format, put together from parts that can be made beforehand.

A row's text fields are encoded by whoever reads the event, its position and version when it is ruled on, and the
recording instant, which is only known under the log's lock, at the very end: then one join makes the whole buffer.
The format is that of the manual's chapter on COPY: a header, per row the number of fields and for each its length and
bytes, and a trailer.
"""

from __future__ import annotations

from struct import Struct

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH_2000 = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
_COLUMNS = 10
_STRIDE = 9
_RECORDED = 4  # where in a row's parts the recording instant goes

_length = Struct("!i").pack
_start = Struct("!hiq").pack
_version = Struct("!ii").pack
_instant = Struct("!iq").pack

Fields = tuple[bytes, bytes]
"""The encoded stream, and the encoded type, source, id and occurred."""


def encoded(stream: str, topic: str, source: str, event_id: str, occurred: int) -> Fields:
    """The fields of a row that are known as soon as the event is read."""
    middle = b"".join((_text(topic), _text(source), _text(event_id), _instant(8, occurred - _EPOCH_2000)))
    return _text(stream), middle


def _text(text: str) -> bytes:
    raw = text.encode()
    return _length(len(raw)) + raw


class CopyBuffer:
    """Rows in order of position, ready for COPY but for the instant at which they are recorded."""

    __slots__ = ("_parts", "count", "first")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.count = 0
        self.first = 0

    def add(self, position: int, version: int, fields: Fields, digest: bytes, state: bytes) -> None:
        """Add the row of the next position."""
        if not self.count:
            self.first = position
        assert position == self.first + self.count, "a gap in the positions"
        self.count += 1
        self._parts += (
            _start(_COLUMNS, 8, position),
            fields[0],
            _version(4, version),
            fields[1],
            b"",
            _length(len(digest)),
            digest,
            _length(len(state)),
            state,
        )

    def bytes(self, recorded: int) -> bytes:
        """The whole COPY input, its rows recorded at an instant (microseconds since 1970)."""
        self._parts[_RECORDED::_STRIDE] = [_instant(8, recorded - _EPOCH_2000)] * self.count
        return b"".join((_HEADER, *self._parts, _TRAILER))
