"""What every command is given: which ledger to open, how to answer, and what time it is.

The tests pass another opener and another clock; nothing else differs between a test and a terminal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.live import LiveLedger

FILLING = "bringing the figures of an older ledger up to date"

Opener = Callable[[str | None], "AbstractContextManager[LiveLedger]"]


def _open(database: str | None) -> AbstractContextManager[LiveLedger]:
    import logging

    from commands.progress import progress
    from projections.live import open_ledger

    # Without any handler, logging writes what a library warns about to stderr, where one line is promised.
    logging.getLogger().addHandler(logging.NullHandler())
    return open_ledger(database, filling=lambda: progress(FILLING))


@dataclass(kw_only=True)
class Session:
    """One call of the program. `json` and `database` are filled in while its options are read."""

    opener: Opener = _open
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    json: bool = False
    database: str | None = None
    made: str = ""

    @contextmanager
    def ledger(self) -> Iterator[LiveLedger]:
        """The ledger named by `--database`, MISSION_LEDGER_DATABASE or the default; opened and migrated.

        `made` then says which folder was named that held none: it may be misspelt.
        """
        with self.opener(self.database) as ledger:
            if getattr(ledger.database, "made", False) and self._named():  # what answers in a test has no database
                self.made = ledger.database.label
            yield ledger

    def _named(self) -> bool:
        """Whether somebody wrote down where the ledger is."""
        from ledger.store.database import VARIABLE

        return bool(self.database or os.environ.get(VARIABLE))
