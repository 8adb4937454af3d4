"""What was asked for, mission by mission: where local time is needed, or the price that was agreed."""

from __future__ import annotations

from collections.abc import Collection

from ledger.entries import Entry, entry_of_row
from ledger.store.database import Connection
from ledger.store.log import read


def requests(connection: Connection, missions: Collection[str], voided: Collection[int]) -> dict[str, Entry]:
    """mission → its request: the last one recorded, a void one only where there is no other.

    Amounts that were frozen outlive the request they came of.
    """
    streams = [f"mission/{each}" for each in missions]
    found: dict[str, Entry] = {}
    for row in read(connection, streams=streams, types=("mission.requested",)):
        entry = entry_of_row(row)
        if row.position not in voided or entry.subject not in found:
            found[entry.subject] = entry
    return found
