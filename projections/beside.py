"""Tables beside the live ones: made like them, put in their place, and those before kept.

The live schema stays, with its privileges; its tables are exchanged one by one in one transaction. Statements that
other connections have prepared find the new ones: PostgreSQL looks names up again when a table was moved.
"""

from __future__ import annotations

import time
from hashlib import sha256
from typing import NamedTuple

from psycopg import errors

from ledger.engine import ENGINE_REVISION
from ledger.errors import Conflict, Refused
from ledger.store.database import Connection
from projections.catalogue import PROJECTIONS
from projections.folding import TABLES
from projections.statements import LIVE, sql

BUILT = "projection_next"
KEPT = "projection_old"
STILL_SECONDS = 1.0
_PAUSE_SECONDS = 0.02


def exists(connection: Connection, schema: str) -> bool:
    """Whether there is such a schema."""
    return connection.execute(sql("schema_words"), {"schema": schema}).fetchone() is not None


def check_exchangeable(connection: Connection) -> None:
    """Refuses (`projections_kept`, `projections_in_use`) where the live tables cannot make room for others."""
    if exists(connection, KEPT):
        raise Refused(
            "projections_kept",
            f"the tables from before the last rebuild are still in schema {KEPT}; drop them with "
            "mission-ledger rebuild --drop-old, then rebuild",
        )
    hanging = connection.execute(sql("hanging_on_tables"), {"schema": LIVE, "tables": list(TABLES)}).fetchall()
    if hanging:
        raise Refused(
            "projections_in_use",
            f"{', '.join(each[0] for each in hanging)} would go on with the tables from before a rebuild; "
            "drop what hangs on them, rebuild, and create it again",
        )


def make(connection: Connection) -> bool:
    """Make the tables to build in, unless there are some that fit; whether they were there.

    What a rebuild left that was cut off fits if the live tables and this program are still the same.
    """
    plan = _plan(connection)
    there = connection.execute(sql("schema_words"), {"schema": BUILT}).fetchone()
    if there is not None and there[1] == _words(plan):
        return True
    with connection.transaction():
        drop(connection, BUILT)
        _create(connection, BUILT)
        for each in plan:
            connection.execute(each.statement.encode())
        connection.execute(f"COMMENT ON SCHEMA {BUILT} IS '{_words(plan)}'".encode())
    return False


def drop(connection: Connection, schema: str) -> bool:
    """Drop a schema that a rebuild made, with all that hangs on it; whether it was there."""
    there = exists(connection, schema)
    if there:
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
    return there


def lingering(connection: Connection, seconds: float) -> list[int]:
    """The processes whose transactions hold a live table for longer than this: `verify`, `pg_dump`, a long question."""
    before = _users(connection)
    time.sleep(seconds if before else 0)
    return sorted({pid for transaction, pid in before & _users(connection)} if before else ())


def _users(connection: Connection) -> set[tuple[str, int]]:
    return {(row[0], row[1]) for row in connection.execute(sql("users_of_tables"), {"schema": LIVE})}


def exchange(connection: Connection) -> bool:
    """Put the built tables in the place of the live ones and keep those; False while somebody holds a live table.

    In a transaction that holds the log's lock. Raises Conflict when the live tables are no longer those built like.
    """
    if not _hold(connection):
        return False
    there = connection.execute(sql("schema_words"), {"schema": BUILT}).fetchone()
    if there is None or there[1] != _words(_plan(connection)):
        raise Conflict("concurrent_change", "the tables were changed during the rebuild; run it again")
    _create(connection, KEPT)
    for table in TABLES:
        connection.execute(f"ALTER TABLE {LIVE}.{table} SET SCHEMA {KEPT}".encode())
        connection.execute(f"ALTER TABLE {BUILT}.{table} SET SCHEMA {LIVE}".encode())
    connection.execute(f"DROP SCHEMA {BUILT}".encode())
    connection.execute(f"COMMENT ON SCHEMA {KEPT} IS 'From before the last rebuild: rebuild --drop-old'".encode())
    return True


def _hold(connection: Connection) -> bool:
    """Take every live table for this transaction, without ever queueing for one.

    Who waits for a table in this mode lets nobody else at it, and may lock itself and a reader of two tables out.
    """
    named = ", ".join(f"{LIVE}.{table}" for table in TABLES)
    until = time.monotonic() + STILL_SECONDS
    while time.monotonic() < until:
        try:
            with connection.transaction():
                connection.execute(f"LOCK TABLE {named} IN ACCESS EXCLUSIVE MODE NOWAIT".encode())
            return True
        except errors.LockNotAvailable:
            time.sleep(_PAUSE_SECONDS)
    return False


def _create(connection: Connection, schema: str) -> None:
    """A schema that belongs to whom the live one belongs to, also when a superuser makes it."""
    row = connection.execute(sql("schema_words"), {"schema": LIVE}).fetchone()
    assert row is not None
    connection.execute(f"CREATE SCHEMA {schema} AUTHORIZATION {row[0]}".encode())


class _Step(NamedTuple):
    """One statement of those that make tables like the live ones, and what it takes over from there unsaid."""

    number: int
    name: str
    statement: str
    taken_over: str


def _plan(connection: Connection) -> list[_Step]:
    bounds = {"live": LIVE, "beside": BUILT, "tables": list(TABLES)}
    return [_Step._make(row) for row in connection.execute(sql("tables_alike"), bounds)]


def _words(plan: list[_Step]) -> str:
    """What an unfinished schema is known again by: how its tables are made, and what folds into them."""
    versions = [f"{each.name} {each.version}" for each in PROJECTIONS]
    made = sha256("\n".join([*map(repr, plan), *versions, str(ENGINE_REVISION)]).encode()).hexdigest()
    return f"Unfinished: mission-ledger rebuild goes on with it, rebuild --drop-old drops it. {made}"
