"""What every question and every recording needs: the database, the one connection, the clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from ledger.policies.register import Register
from ledger.store.database import Connection, Database
from projections.archive import PostgresArchive


class Opened:
    """An open ledger. `clock` gives the recording clock in microseconds; tests pass their own."""

    def __init__(self, database: Database, connection: Connection, clock: Callable[[], int]) -> None:
        self.database = database
        self.connection = connection
        self.clock = clock

    def register(self) -> Register:
        """The policies and baselines as known now."""
        return PostgresArchive(self.connection).published().latest


def system_clock() -> int:
    """Now, in microseconds since 1970."""
    return time.time_ns() // 1000
