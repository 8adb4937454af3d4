"""Questions about the log itself, and whether it and what follows from it are sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ledger.errors import Misused, Refused
from ledger.events.catalogue import type_of
from ledger.store.database import translated
from projections.known import last_position
from projections.live.opened import Opened
from projections.statements import sql


class Log(Opened):
    """The log: its end, its events, its proof."""

    def position(self) -> int:
        """The last position of the log, 0 when it is empty."""
        return last_position(self.connection)

    def events(
        self, *, pro: str | None = None, mission: str | None = None, type: str | None = None, after: int = 0
    ) -> Iterator[dict[str, Any]]:
        """Recorded events in order of position, as wire documents."""
        from projections import event_reading

        return event_reading.events(self.connection, pro=pro, mission=mission, event_type=type, after=after)

    def locate(self, event_id: str, source: str | None = None) -> tuple[str, str, int, str, str]:
        """(source, id, position, type, subject) of an event."""
        with translated():
            rows = self.connection.execute(sql("locate_id"), {"id": event_id}).fetchall()
        found = [row for row in rows if source is None or row[3] == source]
        if not found:
            of = f" of source {source}" if source else ""
            raise Refused("unknown_event", f"no event {event_id}{of} is recorded; events lists them")
        if len(found) > 1:
            sources = ", ".join(row[3] for row in found)
            raise Misused("ambiguous_event", f"{event_id} is recorded by {sources}; name one with --source")
        position, topic, stream, of_source = found[0]
        return of_source, event_id, position, type_of(topic)[0], stream.partition("/")[2]

    def verify(self, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Whether the log, the projections and the findings are what they must be."""
        from projections.verification import verify

        return verify(self.database, progress=progress)

    def status(self) -> dict[str, Any]:
        """Database, versions, positions, counts."""
        from projections import status_reading

        return status_reading.status(self.connection, self.database, self.register(), now=self.clock())
