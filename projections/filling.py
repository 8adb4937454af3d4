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
from projections.columns.upkeep import pack_many
from projections.folding import FRESH, TABLES, AsRecorded, Progress, fold
from projections.statements import LIVE, search_path
from projections.versions import outdated

Shown = Callable[[], AbstractContextManager[Progress]]
"""Opens what shows a person how far a filling is."""


def unseen() -> AbstractContextManager[Progress]:
    """Shows nothing."""
    return nullcontext(lambda done, of: None)


def bring_up_to_date(database: Database, connection: Connection, shown: Shown) -> None:
    """Fill the embedded ledger's projections when they are outdated; a server's are left to `migrate`.

    Raises DatabaseUnusable (`projections_outdated`, `projections_newer`).
    """
    if not outdated(connection):
        return
    if not database.embedded:
        text = f"the figures of {database.label} were written by an older version; run mission-ledger migrate"
        raise DatabaseUnusable("projections_outdated", text)
    fill(database, shown)


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
        with shown() as progress:
            pack_many(connection, tail.position, progress)
    return tail.position
