"""Proving that the columns are those of the log: each segment is made again from its events and compared."""

from __future__ import annotations

from typing import NamedTuple

from ledger.entries import Entry
from ledger.store.database import Connection, translated
from projections.columns.layout import Event, Stretch, event_of, unpacked
from projections.columns.packing import Firsts
from projections.columns.upkeep import LAYOUT
from projections.statements import sql


class Unlike(NamedTuple):
    """The first segment that is not what its events make of it, by its first position."""

    position: int
    what: str


class Segment(NamedTuple):
    """A stored segment."""

    first: int
    last: int
    missions: int
    earliest: int
    latest: int
    events: bytes
    details: bytes


class ColumnsProof:
    """Takes the events of the log in order; `unlike` is the first difference, if there is one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._firsts = Firsts(connection)
        self._stretch: Stretch | None = None
        self.unlike: Unlike | None = None
        self._segment = self._after(0)

    def add(self, entries: list[Entry]) -> None:
        """Compare as many segments as end in these events."""
        if self.unlike is not None or self._segment is None:
            return
        events = [event_of(entry) for entry in entries]
        self._firsts.prepare(events)
        for event in events:
            self._add(event)
            if self.unlike is not None or self._segment is None:
                return

    def ended(self, until: int) -> None:
        """The log ends here; no segment may go further."""
        if self.unlike is None and self._segment is not None and self._segment.last > until:
            self.unlike = Unlike(until + 1, f"columns go up to #{self._segment.last}, the log ends at #{until}")

    def _add(self, event: Event) -> None:
        segment = self._segment
        assert segment is not None
        position = event[0]
        if position < segment.first:
            return
        if self._stretch is None:
            self._stretch = Stretch(segment.first)
        self._stretch.add(event, self._firsts)
        if position == segment.last:
            self.unlike = _difference(segment, self._stretch)
            self._firsts.learn(self._stretch.missions)
            self._stretch = None
            self._segment = self._after(segment.first)
            if self._segment is not None and self._segment.first <= segment.last:
                self.unlike = Unlike(self._segment.first, "two segments of columns hold the same events")

    def _after(self, first: int) -> Segment | None:
        with translated(), self._connection.cursor(binary=True) as cursor:
            row = cursor.execute(sql("segment_after"), {"layout": LAYOUT, "after": first}).fetchone()
        return Segment._make(row) if row is not None else None


def _difference(segment: Segment, made: Stretch) -> Unlike | None:
    what = f"the columns of #{segment.first} to #{segment.last} are not those of these events"
    counted = len(made.missions), made.earliest, made.latest
    if counted != (segment.missions, segment.earliest, segment.latest):
        return Unlike(segment.first, what)
    try:
        same = all(map(_alike, (segment.events, segment.details), made.packed()))
    except (ValueError, OSError, StopIteration) as error:  # what pyarrow says of a stream that is none
        return Unlike(segment.first, f"{what}: {str(error).splitlines()[0] if str(error) else 'they cannot be read'}")
    return None if same else Unlike(segment.first, what)


def _alike(stored: bytes, made: bytes) -> bool:
    return bool(unpacked(stored).equals(unpacked(made)))
