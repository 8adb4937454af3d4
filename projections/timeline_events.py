"""Which recorded events belong to the timeline of a pro or of a mission.

Beside the streams themselves: the adjustments of the missions' bills, the policies that all was judged by, the
baselines of their cities, the voids that took one of them back, and what the engine wrote because of one. Nothing else
of the log is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.entries import Entry, entry_of_row, stored_document
from ledger.events.catalogue import ENGINE_SOURCE, type_of
from ledger.store.database import Connection
from ledger.store.log import StoredRow, read, read_at
from projections.archive import PostgresArchive
from projections.event_reading import missions_of

REQUESTED = "mission.requested"
EXCUSING = ("pro.unavailable", "pro.accounts_linked")
"""What of a pro's own stream decides how a mission counts."""


class Told(NamedTuple):
    """One event to place or to show; `recorded` is in microseconds."""

    entry: Entry
    recorded: int


class Chosen(NamedTuple):
    """The events in order of position; the void of each that was declared wrong, by position.

    `unseen` are the positions of what only decides how the others are judged: policies, baselines, and their voids.
    """

    events: list[Told]
    voids: dict[int, Entry]
    unseen: set[int]


def of_pro(connection: Connection, pro: str, until: int) -> Chosen:
    """The pro's own stream, the missions it took part in or was proposed, their bills, and what was erased of it.

    So too of every account that was ever linked to it: what they did makes its figures.
    """
    archive = PostgresArchive(connection, until=until)
    accounts = archive.ever_linked([pro])
    missions = missions_of(connection, accounts)
    streams = [f"{kind}/{each}" for each in accounts for kind in ("pro", "ledger")]
    streams += [f"mission/{each}" for each in missions]
    rows = list(read(connection, streams=streams, until=until))
    return _chosen(connection, rows + archive.adjustment_rows(missions), until)


def of_mission(connection: Connection, mission: str, until: int) -> Chosen:
    """The mission's stream and bill, what the engine wrote because of it, and what excuses the pros it names."""
    archive = PostgresArchive(connection, until=until)
    rows = list(read(connection, streams=[f"mission/{mission}"], until=until))
    named = {str(data["pro"]) for data in (stored_document(row)["data"] for row in rows) if data.get("pro")}
    rows += archive.adjustment_rows([mission])
    streams = [f"pro/{each}" for each in archive.ever_linked(named)]
    rows += read(connection, streams=streams, types=EXCUSING, until=until)
    return _chosen(connection, rows, until, caused=True)


def _chosen(connection: Connection, rows: list[StoredRow], until: int, *, caused: bool = False) -> Chosen:
    rows = [row for row in rows if row.type.partition("@")[0] != "ledger.event_voided"]  # a subject's name may be an id
    told = {row.position: row for row in rows}
    voids = _voids(connection, told, until)
    told |= {row.position: row for row in voids.values()}
    if caused:
        causes = [position for position, row in told.items() if not row.stream.startswith("pro/")]
        told |= {row.position: row for row in _caused(connection, causes, until)}
    cities = {stored_document(row)["data"]["city"] for row in told.values() if type_of(row.type)[0] == REQUESTED}
    published = {row.position: row for row in PostgresArchive(connection, until=until).publications(cities)}
    published |= {row.position: row for row in _voids(connection, published, until).values()}
    told |= published
    events = [Told(entry_of_row(told[position]), told[position].recorded) for position in sorted(told)]
    at = {each.entry.position: each.entry for each in events}
    return Chosen(events, {target: at[row.position] for target, row in voids.items()}, set(published))


def _voids(connection: Connection, targets: dict[int, StoredRow], until: int) -> dict[int, StoredRow]:
    """Position of a voided event → the row of its void."""
    voids = PostgresArchive(connection, until=until).voids(positions=list(targets))
    of_void = {each.position: each.target for each in voids}
    return {of_void[row.position]: row for row in read_at(connection, list(of_void))} if of_void else {}


def _caused(connection: Connection, positions: Iterable[int], until: int) -> list[StoredRow]:
    """What the engine wrote because of the events at these positions: it stands right after each of them."""
    found: list[StoredRow] = []
    after = [position + 1 for position in positions if position < until]
    while after:
        written = [row for row in read_at(connection, after) if row.source == ENGINE_SOURCE]
        found += written
        after = [row.position + 1 for row in written if row.position < until]
    return found
