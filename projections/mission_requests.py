"""What was asked for, mission by mission: where local time is needed, or the price that was agreed."""

from __future__ import annotations

from collections.abc import Collection

from ledger.entries import Entry, entry_of_row
from ledger.store.database import Connection
from ledger.store.log import read


def requests(connection: Connection, missions: Collection[str], voided: Collection[int]) -> dict[str, Entry]:
    """mission → its request, the last one recorded that is not void; missions without one are left out."""
    streams = [f"mission/{each}" for each in missions]
    found: dict[str, Entry] = {}
    for row in read(connection, streams=streams, types=("mission.requested",)):
        if row.position not in voided:
            entry = entry_of_row(row)
            found[entry.subject] = entry
    return found
