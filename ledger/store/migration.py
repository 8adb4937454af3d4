"""Migrating with Alembic: it keeps the versions, the steps themselves are plain SQL files."""

from __future__ import annotations

import io
from pathlib import Path

import sqlalchemy
from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from ledger.errors import DatabaseUnusable
from ledger.store.database import Database, connect, translated
from ledger.store.schema import HEAD, MIGRATIONS, VERSIONS, current

LOCK = 0x6C65646765_01  # "ledge" and 1: beside the log's own lock


def upgrade(database: Database, to: str = "head") -> None:
    """Upgrades to a version in one transaction. Raises DatabaseUnusable (`schema_newer`: made by a later program)."""
    with translated(database), connect(database) as connection:
        version = current(connection)
        if version is not None and version not in VERSIONS:
            raise DatabaseUnusable(
                "schema_newer",
                f"{database.label} has version {version}, this program knows up to {HEAD}; upgrade mission-ledger",
            )
        connection.rollback()
        engine = sqlalchemy.create_engine(
            "postgresql+psycopg://", creator=lambda: connection, poolclass=sqlalchemy.pool.StaticPool
        )
        try:
            with engine.connect() as bind:
                # Kept to the end of the transaction: whoever comes second finds the work done.
                bind.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
                config = _config(io.StringIO())
                config.attributes["connection"] = bind
                command.upgrade(config, to)
                bind.commit()
        except sqlalchemy.exc.DBAPIError as error:
            raise error.orig or error from error


def upgrade_sql(version: str | None) -> str:
    """The statements of an upgrade from `version` (None: nothing there yet) to HEAD, as one transaction."""
    output = io.StringIO()
    command.upgrade(_config(output), f"{version}:head" if version else "head", sql=True)
    return output.getvalue()


def apply(file: str) -> None:
    """Runs `migrations/sql/<file>` as one step of the running migration, or writes it out for `migrate --sql`."""
    execute(op.get_context(), MIGRATIONS / "sql" / file)


def execute(context: MigrationContext, file: Path) -> None:
    """Hands the file to the server as it is: SQLAlchemy would take `:` and `%` in it for parameters."""
    text = file.read_text(encoding="utf-8")
    if context.as_sql:
        context.impl.static_output(text)
        return
    bind = context.connection
    assert bind is not None
    driver = bind.connection.driver_connection
    assert driver is not None
    driver.execute(text.encode())


def _config(output: io.StringIO) -> Config:
    # No ini file, so Alembic configures no logging; what it prints goes to `output`.
    config = Config(stdout=output, output_buffer=output)
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
