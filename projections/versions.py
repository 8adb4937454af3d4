"""Which version of this program wrote the live projections: the question that is asked before every other."""

from __future__ import annotations

from ledger.errors import DatabaseUnusable
from ledger.store.database import Connection, translated
from projections.catalogue import PROJECTIONS
from projections.statements import sql

EXPECTED = {each.name: each.version for each in PROJECTIONS}


def live_versions(connection: Connection) -> dict[str, int]:
    """The version that wrote each live projection; none before anything is recorded.

    Raises DatabaseUnusable (`projections_newer`) when a later program wrote them. The connection reads the live tables.
    """
    with translated():
        kept = {name: version for name, version, _ in connection.execute(sql("checkpoints")).fetchall()}
    if any(version > EXPECTED.get(name, version) for name, version in kept.items()):
        raise DatabaseUnusable(
            "projections_newer",
            "the figures were written by a later version of this program; upgrade mission-ledger",
        )
    return kept


def outdated(connection: Connection) -> bool:
    """Whether the live projections were written by an older program; never so while nothing is recorded.

    Raises as `live_versions` does. The connection reads the live tables.
    """
    if live_versions(connection) == EXPECTED:
        return False
    with translated():  # the log before the tables: the very first commit may come between the two questions
        row = connection.execute(sql("last_position")).fetchone()
    assert row is not None
    return bool(row[0]) and live_versions(connection) != EXPECTED
