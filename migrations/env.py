"""Alembic's entry: the connection and the transaction are the caller's (`ledger/store/migration.py`)."""

from alembic import context

from ledger.store.migration import execute
from ledger.store.schema import MIGRATIONS

SETTINGS = {"version_table": "schema_version", "version_table_schema": "ledger", "transaction_per_migration": False}

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", **SETTINGS)
else:
    context.configure(connection=context.config.attributes["connection"], **SETTINGS)

with context.begin_transaction():
    # Alembic creates its version table before the first step, so the schema it lies in comes first.
    execute(context.get_context(), MIGRATIONS / "sql" / "schema.sql")
    context.run_migrations()
