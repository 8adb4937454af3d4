"""The ledger as commands use it: one connection, recording and questions; every answer is the contract's JSON.

The questions stand together by what they are about. Each imports what answers it: a process asks one, and importing
everything takes longer than an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.store import database as store
from ledger.store.schema import ready
from projections.live.log import Log
from projections.live.money import Money
from projections.live.opened import system_clock
from projections.live.people import People
from projections.live.recording import Outcome, Recording
from projections.live.replays import Replays
from projections.live.terms import Terms
from projections.statements import search_path
from projections.versions import outdated

if TYPE_CHECKING:
    from projections.filling import Shown

__all__ = ["LiveLedger", "Outcome", "open_ledger", "system_clock"]


class LiveLedger(Recording, Log, People, Money, Terms, Replays):
    """An open ledger, whole."""


@contextmanager
def open_ledger(
    database: str | None, *, clock: Callable[[], int] | None = None, filling: Shown | None = None
) -> Iterator[LiveLedger]:
    """Open the ledger a person named: start, migrate and fill the embedded one, check the versions of a server.

    `filling` shows how far the projections of an older ledger are filled.
    """
    resolved = store.resolve(database)
    connection = ready(resolved)
    try:
        search_path(connection)
        if outdated(connection):
            from projections.filling import bring_up_to_date, unseen

            bring_up_to_date(resolved, connection, filling or unseen)
        yield LiveLedger(resolved, connection, clock or system_clock)
    finally:
        connection.close()
