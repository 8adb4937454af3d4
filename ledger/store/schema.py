"""Which version the database has, and bringing it to this program's. Alembic is imported only to migrate."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from psycopg import errors

from ledger.errors import DatabaseUnusable
from ledger.store.database import Connection, Database, connect, translated

# In a wheel the migrations lie inside the package, in a checkout beside it.
MIGRATIONS = next(
    place
    for place in (Path(__file__).parents[1] / "migrations", Path(__file__).parents[2] / "migrations")
    if (place / "sql").is_dir()
)

# The versions are the names of the SQL files, and the last is the head: there is no second list to forget.
VERSIONS = tuple(sorted(file.name[:4] for file in (MIGRATIONS / "sql").glob("[0-9][0-9][0-9][0-9]_*.sql")))
HEAD = VERSIONS[-1]


def current(connection: Connection) -> str | None:
    """The version the database has, or None when it holds no ledger."""
    with translated():
        try:
            # Every command asks: in autocommit one round trip, and there is nothing that a failure could leave open.
            with nullcontext() if connection.autocommit else connection.transaction():
                row = connection.execute("SELECT version_num FROM ledger.schema_version").fetchone()
        except errors.UndefinedTable:
            return None
    return str(row[0]) if row is not None else None


def check(connection: Connection) -> None:
    """Raises DatabaseUnusable unless the database has exactly this program's version.

    Codes: `schema_missing`, `schema_outdated`, `schema_newer`.
    """
    version = current(connection)
    if version == HEAD:
        return
    where = f"the database {connection.info.dbname}"
    if version is None:
        raise DatabaseUnusable("schema_missing", f"{where} holds no ledger; run mission-ledger migrate")
    if version in VERSIONS:
        raise DatabaseUnusable(
            "schema_outdated", f"{where} has version {version}, this program needs {HEAD}; run mission-ledger migrate"
        )
    raise DatabaseUnusable(
        "schema_newer", f"{where} has version {version}, this program knows up to {HEAD}; upgrade mission-ledger"
    )


def prepare(database: Database) -> None:
    """Makes sure the database can be used, as `ready` does."""
    ready(database).close()


def ready(database: Database) -> Connection:
    """A connection in autocommit to a database that can be used: the embedded one is migrated when needed, a server's

    is only checked. Raises DatabaseUnusable as `check` does.
    """
    connection = connect(database, autocommit=True)
    try:
        check(connection)
    except BaseException as error:
        connection.close()
        outdated = isinstance(error, DatabaseUnusable) and error.code != "schema_newer"
        if not (database.embedded and outdated):
            raise
        migrate(database)
        return connect(database, autocommit=True)
    return connection


def migrate(database: Database) -> None:
    """Brings the database to HEAD in one transaction; two processes may do so at once.

    Raises DatabaseUnusable; then nothing has changed.
    """
    from ledger.store.migration import upgrade  # noqa: PLC0415  Alembic and SQLAlchemy take 150 ms to import

    upgrade(database)


def migration_sql(version: str | None = None) -> str:
    """The SQL a database administrator may run instead of `migrate`, from `version` (None: nothing there) to HEAD."""
    from ledger.store.migration import upgrade_sql  # noqa: PLC0415

    return upgrade_sql(version)
