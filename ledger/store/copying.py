"""The log's rows in PostgreSQL's binary COPY format, put together from parts that can be made beforehand.

Whoever reads an event encodes its text fields; its position and version are known when it is ruled on, and the instant
at which it is recorded only under the log's lock. The columns are sent in that order of knowledge, late ones first, so
that one join at the very end makes the whole buffer. The format is that of the manual's chapter on COPY: a header, per
row the number of fields and for each its length and bytes, and a trailer.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, repeat
from struct import Struct

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH_2000 = 946_684_800_000_000  # PostgreSQL counts microseconds from 2000-01-01
_COLUMNS = 10
_DIGEST = 32

_length = Struct("!i").pack
_instant = Struct("!iq").pack
_position_version_recorded = Struct("!hiqiiiq").pack
_digest_and_length = Struct(f"!i{_DIGEST}si").pack


def encoded(stream: str, topic: str, source: str, event_id: str, occurred: int, digest: bytes, state: bytes) -> bytes:
    """The fields of a row that are known as soon as the event is read; the last two are its digest and state."""
    head, name = stream.encode(), event_id.encode()
    return b"".join(
        (
            _length(len(head)),
            head,
            _recurring(topic, source),
            _length(len(name)),
            name,
            _instant(8, occurred - _EPOCH_2000),
            _digest_and_length(_DIGEST, digest, len(state)),
            state,
        )
    )


def state_in(fields: bytes, size: int) -> bytes:
    """The state, of so many bytes, in the `encoded` fields of a row."""
    return fields[-size:]


def digest_in(fields: bytes, size: int) -> bytes:
    """The digest in them."""
    return fields[-size - _DIGEST - 4 : -size - 4]


@lru_cache(maxsize=256)
def _recurring(topic: str, source: str) -> bytes:
    return b"".join(_length(len(raw)) + raw for raw in (topic.encode(), source.encode()))


class CopyBuffer:
    """Rows in order of position, ready for COPY but for the instant at which they are recorded."""

    __slots__ = ("_fields", "_versions", "first")

    def __init__(self, first: int) -> None:
        self.first = first
        self._versions: list[int] = []
        self._fields: list[bytes] = []

    def __len__(self) -> int:
        return len(self._versions)

    @classmethod
    def of(cls, first: int, versions: list[int], fields: list[bytes]) -> CopyBuffer:
        """The buffer of these parts."""
        buffer = cls(first)
        buffer._versions, buffer._fields = versions, fields
        return buffer

    def parts(self) -> tuple[int, list[int], list[bytes]]:
        """What `of` needs to make it again: the first position, and the rows' versions and fields."""
        return self.first, self._versions, self._fields

    def add(self, position: int, version: int, fields: bytes) -> None:
        """Add the row of the next position; `fields` are `encoded`."""
        assert position == self.first + len(self._versions), "a gap in the positions"
        self._versions.append(version)
        self._fields.append(fields)

    def extend(self, versions: list[int], fields: list[bytes]) -> None:
        """Add the rows of the next positions."""
        self._versions += versions
        self._fields += fields

    def bytes(self, recorded: int) -> bytes:
        """The whole COPY input, its rows recorded at an instant (microseconds since 1970)."""
        heads = map(
            _position_version_recorded,
            repeat(_COLUMNS),
            repeat(8),
            range(self.first, self.first + len(self._fields)),
            repeat(4),
            self._versions,
            repeat(8),
            repeat(recorded - _EPOCH_2000),
        )
        rows = zip(heads, self._fields, strict=True)
        return b"".join((_HEADER, *chain.from_iterable(rows), _TRAILER))
