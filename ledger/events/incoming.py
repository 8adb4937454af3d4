"""An event on its way in: validated, but not yet recorded. It needs no model, so whoever only reads makes none."""

from __future__ import annotations

from hashlib import sha256
from operator import attrgetter
from sys import intern
from typing import Any

import orjson

from ledger.events.catalogue import PERSONAL, TOPIC, stream_of
from ledger.instants import parse_us
from ledger.store.copying import digest_in, encoded, state_in

_FACTS = (
    "type",
    "subject",
    "source",
    "id",
    "at",
    "pro",
    "by",
    "personal",
    "_state",
    "_digest",
    "encoded",
    "size",
    "told",
)


class Incoming:
    """A validated event on its way in: `at` is its time in microseconds; `pro` and `by` are whom its data names so.

    `state` and `digest` are the canonical bytes and their SHA-256; an event with personal data has its final ones only
    once it is sealed. The document itself is unpacked when it is needed: most of a batch waits for its turn packed.
    `told` is what it says of its mission and `encoded` are its log fields, which end with a state of `size` bytes, when
    its reader made them; else None.
    """

    __slots__ = ("_doc", *_FACTS)

    def __init__(self, *facts: Any) -> None:
        (
            self.type,
            self.subject,
            self.source,
            self.id,
            self.at,
            self.pro,
            self.by,
            self.personal,
            self._state,
            self._digest,
            self.encoded,
            self.size,
            self.told,
        ) = facts
        self._doc: dict[str, Any] | None = None

    @classmethod
    def of(cls, doc: dict[str, Any]) -> Incoming:
        """The event of a validated wire document."""
        event_type, data = intern(doc["type"]), doc["data"]
        personal = False
        for name in PERSONAL.get(event_type, ()):
            if data.get(name) is not None:
                personal = True
        state = canonical(doc)
        incoming = cls(
            event_type,
            doc["subject"],
            intern(doc["source"]),
            doc["id"],
            parse_us(doc["time"]),
            data.get("pro") or "",
            str(data.get("by") or ""),
            personal,
            state,
            sha256(state).digest(),
            None,
            len(state),
            None,
        )
        incoming._doc = doc
        return incoming

    facts: Any = property(attrgetter(*_FACTS))
    """What `Incoming(*facts)` needs to be the same event in another process."""

    def encode(self) -> None:
        """Make its log fields, which keep its state and digest from now on."""
        stream, topic = stream_of(self.type, self.subject), TOPIC[self.type]
        self.encoded = encoded(stream, topic, self.source, self.id, self.at, self._digest, self._state)
        self._state = self._digest = b""

    @property
    def state(self) -> bytes:
        """The canonical bytes."""
        return self._state if self.encoded is None else state_in(self.encoded, self.size)

    @property
    def digest(self) -> bytes:
        """Their SHA-256."""
        return self._digest if self.encoded is None else digest_in(self.encoded, self.size)

    @property
    def doc(self) -> dict[str, Any]:
        """The wire document, or once sealed the stored one."""
        if self._doc is None:
            self._doc = orjson.loads(self.state)
        return self._doc

    def with_doc(self, doc: dict[str, Any]) -> Incoming:
        """The same event with another document, the sealed one, as what is stored."""
        state = canonical(doc)
        other = Incoming(*self.facts[:-5], state, sha256(state).digest(), None, len(state), self.told)
        other._doc = doc
        return other

    def pack(self) -> None:
        """Drop the unpacked document; it can be unpacked again."""
        self._doc = None


def canonical(doc: dict[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, UTF-8, no spaces. Equal documents give equal bytes."""
    return orjson.dumps(doc, option=orjson.OPT_SORT_KEYS)
