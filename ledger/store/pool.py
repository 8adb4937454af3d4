"""A few connections to one database, shared by threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from psycopg.pq import TransactionStatus

from ledger.store.database import Connection, Database, connect


class Pool:
    """At most `size` connections in autocommit; a thread beyond that waits for one to come back."""

    def __init__(self, database: Database, *, size: int = 8) -> None:
        self._database = database
        self._free = BoundedSemaphore(size)
        self._lock = Lock()
        self._idle: list[Connection] = []
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for the length of the block. Raises DatabaseUnusable when none can be made."""
        with self._free:
            with self._lock:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = connect(self._database, autocommit=True)
            try:
                yield connection
            finally:
                # A lost connection, or one left inside a transaction, is not handed out again.
                usable = not connection.closed and connection.info.transaction_status == TransactionStatus.IDLE
                with self._lock:
                    keep = usable and not self._closed
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def close(self) -> None:
        """Closes what is idle; a connection in use is closed when it comes back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
