"""Filling the projections of an older ledger: a fresh fold of its log takes the place of what is there.

After an upgrade the tables may have columns that nothing was ever written into, or count in another way. The versions
beside their checkpoints say so. The log's lock is held from the fold to the commit: nobody may rule by figures that are
out of date, and of several processes that open the ledger at once the first one fills it and the others find it done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from ledger.errors import DatabaseUnusable
from ledger.store.database import Connection, Database, connect, translated
from ledger.store.log import flush, lock
from projections.catalogue import PROJECTIONS
from projections.columns.upkeep import behind, pack
from projections.folding import FRESH, TABLES, AsRecorded, Progress, fold
from projections.statements import LIVE, sql
from projections.writing import search_path

Shown = Callable[[], AbstractContextManager[Progress]]
"""Opens what shows a person how far a filling is."""

MANY = 100_000
"""Events without columns that are too many to be read from the log at every replay."""

EXPECTED = {each.name: each.version for each in PROJECTIONS}


def unseen() -> AbstractContextManager[Progress]:
    """Shows nothing."""
    return nullcontext(lambda done, of: None)


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
    with translated():  # the log before the tables: the very first commit may come between the two questions
        row = connection.execute(sql("last_position")).fetchone()
    assert row is not None
    return live_versions(connection) != EXPECTED and bool(row[0])


def bring_up_to_date(database: Database, connection: Connection, shown: Shown) -> None:
    """Fill the embedded ledger's projections when they are outdated; a server's are left to `migrate`.

    Raises DatabaseUnusable (`projections_outdated`, `projections_newer`).
    """
    if not outdated(connection):
        if database.embedded:
            pack_columns(connection, shown)
        return
    if not database.embedded:
        text = f"the figures of {database.label} were written by an older version; run mission-ledger migrate"
        raise DatabaseUnusable("projections_outdated", text)
    fill(database, shown)


def pack_columns(connection: Connection, shown: Shown = unseen) -> None:
    """Make the columns of a log that has none to speak of: one of an older program."""
    with translated():
        row = connection.execute(sql("last_position")).fetchone()
    assert row is not None
    if behind(connection, row[0]) > MANY:
        with shown() as progress:
            pack(connection, row[0], progress)


def fill(database: Database, shown: Shown = unseen) -> int:
    """Fill every projection from the log unless they are up to date; how many events were folded, 0 for none.

    In one transaction: whoever reads sees the old tables or the new ones. Raises IntegrityBroken for a log that cannot
    be folded, and then changes nothing.
    """
    with connect(database, autocommit=True) as connection:
        search_path(connection)
        with translated(database), connection.transaction(), connection.cursor() as cursor:
            tail = lock(cursor)
            if not outdated(connection):
                return 0
            with shown() as progress:
                fold(connection, tail.position, AsRecorded(), progress)
            for table in TABLES:
                cursor.execute(f"TRUNCATE {LIVE}.{table}".encode())
                cursor.execute(f"INSERT INTO {LIVE}.{table} TABLE {FRESH}.{table}".encode())
        flush(connection)
        pack_columns(connection, shown)
    return tail.position
