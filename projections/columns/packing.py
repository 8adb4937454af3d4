"""Keeping the columns beside the log: stretches of it are packed once they are long enough.

Not in the commit of the events, nor during an import, which has no time for it: a segment follows from the log, so
whoever needs it first packs what is committed, and what is not packed yet is read from the log. Of two who pack at once
the second one's is dropped, and it goes on behind the first one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.events.catalogue import OF_MISSIONS
from ledger.store.database import Connection, translated
from ledger.store.log import read_documents
from projections.collecting import collected_seldom
from projections.columns import upkeep
from projections.columns.layout import Event, Stretch, event_of_row
from projections.columns.upkeep import LAYOUT, Progress, packed_until, unseen
from projections.statements import sql

MISSIONS_KNOWN = 40_000


class Firsts:
    """Where missions begin: of those seen lately known, of others asked from the log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = {}

    def __call__(self, mission: str) -> int:
        """The position of a mission's first event."""
        position = self._known.get(mission)
        if position is None:
            self.look_up([mission])
            position = self._known[mission]
        return position

    def learn(self, missions: dict[str, int]) -> None:
        """Missions that began in a stretch."""
        self._known.update(missions)
        if len(self._known) > MISSIONS_KNOWN:
            self._known = dict(list(self._known.items())[-MISSIONS_KNOWN // 2 :])

    def prepare(self, events: Sequence[Event]) -> None:
        """Ask the log, all at once, for what these events will need."""
        begun = {subject for _, _, subject, version, *_ in events if version == 1}
        self.look_up({subject for _, kind, subject, *_ in events if kind.startswith(OF_MISSIONS)} - begun)

    def look_up(self, missions: Iterable[str]) -> None:
        """Ask the log for many at a time."""
        wanted = [f"mission/{each}" for each in missions if each not in self._known]
        if wanted:
            with translated():
                rows = self._connection.execute(sql("first_positions"), {"streams": wanted}).fetchall()
            self._known.update((stream.partition("/")[2], position) for stream, position in rows)


class Packing:
    """Packs the log from where it is packed up to."""

    def __init__(self, connection: Connection, progress: Progress = unseen) -> None:
        self._connection = connection
        self._progress = progress
        self._firsts = Firsts(connection)
        self._stretch = self._next()

    @collected_seldom()
    def finish(self, until: int) -> None:
        """Pack what is committed up to a position, unless it is too little."""
        if until - self._stretch.first + 1 >= upkeep.LEAST:
            self._catch_up(until)
            self._write()

    def _next(self) -> Stretch:
        """A stretch that begins behind what is packed; what another layout left, or stands behind a gap, goes."""
        with translated(), self._connection.transaction():
            self._connection.execute(sql("claim_packing"))
            until = packed_until(self._connection)
            self._connection.execute(sql("delete_segments"), {"layout": LAYOUT, "until": until})
        return Stretch(until + 1)

    def _catch_up(self, until: int) -> None:
        for page in read_documents(self._connection, after=self._stretch.last, until=until, batch=upkeep.LEAST):
            self._add_all([event_of_row(row) for row in page])
            self._progress(page[-1][0], until)

    def _add_all(self, events: list[Event]) -> None:
        self._firsts.learn(self._stretch.missions)
        self._firsts.prepare(events)
        for each in events:
            if each[0] == self._stretch.last + 1:  # else another has packed it meanwhile
                self._stretch.add(each, self._firsts)
                if len(self._stretch) == upkeep.STRETCH:
                    self._write()

    def _write(self) -> None:
        stretch = self._stretch
        if not len(stretch):
            return
        events, details = stretch.packed()
        segment = {
            "first": stretch.first,
            "last": stretch.last,
            "layout": LAYOUT,
            "missions": len(stretch.missions),
            "earliest": stretch.earliest,
            "latest": stretch.latest,
            "events": events,
            "details": details,
        }
        with translated(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(sql("claim_packing"))
            written = cursor.execute(sql("insert_segment"), segment).rowcount
        self._firsts.learn(stretch.missions)
        self._stretch = Stretch(stretch.last + 1) if written else self._next()
