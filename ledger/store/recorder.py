"""`eventsourcing`'s recorder over the log: what the library's `Application` reads and writes through."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription

from ledger.store.database import Database, translated
from ledger.store.log import EPOCH, LAST, LogRow, StoredRow, Tail, append, flush, lock, read
from ledger.store.pool import Pool
from ledger.store.statements import statement

__all__ = ["LedgerRecorder", "LogRow", "StoredRow", "Tail", "append", "flush", "lock", "read"]

SOURCE = "eventsourcing"  # an event through the library's interface comes without an envelope
POLL_SECONDS = 0.05
PAGE = 500
_LAST_VERSION = 2**31 - 1


class LedgerRecorder(ApplicationRecorder):
    """The library's whole recorder interface on `ledger.event`; safe to use from several threads.

    Aggregate ids are text. Methods raise DatabaseUnusable, and IntegrityError for a taken version.
    """

    def __init__(self, database: Database) -> None:
        self._pool = Pool(database)

    def close(self) -> None:
        """Closes the recorder's connections."""
        self._pool.close()

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Appends the events in one commit and returns their positions once they are on disk."""
        if not stored_events:
            return []
        with self._pool.connection() as connection, translated():
            with connection.transaction(), connection.cursor() as cursor:
                tail = lock(cursor)
                occurred = (tail.recorded - EPOCH) // timedelta(microseconds=1)
                rows = [
                    _row(event, position, occurred) for position, event in enumerate(stored_events, tail.position + 1)
                ]
                append(cursor, rows, tail.recorded, tail=tail.position)
            flush(connection)
        return [row.position for row in rows]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream with `gt` < version ≤ `lte`, all in memory: use `read` for a long stream."""
        bounds = {
            "stream": str(originator_id),
            "gt": -1 if gt is None else gt,
            "lte": _LAST_VERSION if lte is None else lte,
            "limit": limit,
        }
        query = statement("select_events_desc" if desc else "select_events")
        with self._pool.connection() as connection, translated(), connection.cursor(binary=True) as cursor:
            return [StoredEvent(*row) for row in cursor.execute(query, bounds)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """At most `limit` events from position `start` to `stop` in order, those of `topics` if any are given."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        bounds = {
            "after": after,
            "until": LAST if stop is None else stop,
            "topics": list(topics) or None,
            "limit": limit,
        }
        with self._pool.connection() as connection, translated(), connection.cursor(binary=True) as cursor:
            return [Notification(*row) for row in cursor.execute(statement("select_notifications"), bounds)]

    def max_notification_id(self) -> int | None:
        """The last position, None when nothing is recorded."""
        with self._pool.connection() as connection, translated():
            row = connection.execute("SELECT max(position) FROM ledger.event").fetchone()
        return row[0] if row is not None else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[LedgerRecorder]:
        """Events after position `gt` as they are recorded; it polls, so that no append has to NOTIFY."""
        return PollingSubscription(recorder=self, gt=gt, topics=topics)


def _row(event: StoredEvent, position: int, occurred: int) -> LogRow:
    stream = str(event.originator_id)
    name = f"{stream}/{event.originator_version}"
    digest = hashlib.sha256(event.state).digest()
    return LogRow(position, stream, event.originator_version, event.topic, SOURCE, name, occurred, digest, event.state)


class PollingSubscription(Subscription[LedgerRecorder]):
    """Yields notifications in order and for ever, until `stop` is called from any thread."""

    def __init__(self, recorder: LedgerRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._stopped = Event()
        self._pending: list[Notification] = []  # in reverse, the next one last

    def stop(self) -> None:
        """Ends the iteration, also one that is waiting."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        """The next notification; blocks until there is one."""
        while not self._stopped.is_set():
            if self._pending:
                return self._pending.pop()
            if not self._pull():
                self._stopped.wait(POLL_SECONDS)
        raise StopIteration

    def _pull(self) -> bool:
        """Fetches a page; whether there may be more to fetch at once."""
        after = self._last_notification_id or 0
        # Read before the page: rows up to here are all visible to it, so rows of other topics are not searched again.
        until = self._recorder.max_notification_id() or 0
        if until <= after:
            return False
        page = self._recorder.select_notifications(after, PAGE, until, self._topics, inclusive_of_start=False)
        self._pending = list(reversed(page))
        self._last_notification_id = page[-1].id if len(page) == PAGE else until
        return True
