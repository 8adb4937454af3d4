"""What was asked for, mission by mission: where local time is needed, or the price that was agreed."""

from __future__ import annotations

from collections.abc import Collection

from ledger.entries import Entry, entry_of_row
from ledger.store.database import Connection
from ledger.store.log import read
from projections.statements import sql


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


def zones(connection: Connection, missions: Collection[str], voided: Collection[int]) -> dict[str, str]:
    """mission → the zone of its request, chosen as `requests` does; quicker where nothing else of it matters."""
    streams = [f"mission/{each}" for each in missions]
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(sql("request_zones"), {"streams": streams}).fetchall()
    found: dict[str, str] = {}
    for mission, position, timezone in rows:
        if position not in voided or mission not in found:
            found[mission] = timezone
    return found
