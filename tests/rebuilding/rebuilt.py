"""Rebuilding a ledger, in this process or in one of its own, and what the database then looks like."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from ledger.store.database import Database, connect
from projections import rebuilding
from projections.beside import BUILT, KEPT
from tests.importing.ledgers import ROOT, opened, verified
from tests.upgrading.older import rows

__all__ = ["BUILT", "KEPT", "rows"]


def rebuilt(database: Database) -> dict[str, Any]:
    """Rebuild in this process."""
    return rebuilding.rebuild(database, progress=lambda done, of: None)


def whole(database: Database | Path) -> bool:
    """Whether `verify` is green."""
    with opened(database) as ledger:
        return bool(verified(ledger)["ok"])


def schemas(database: Database) -> list[str]:
    """The schemas that a rebuild made and that are there."""
    query = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'projection\\_%' ORDER BY 1"
    with connect(database, autocommit=True) as connection:
        return [row[0] for row in connection.execute(query)]


def folded(database: Database) -> int:
    """The position up to which an unfinished rebuild got; 0 when there is none."""
    with connect(database, autocommit=True) as connection:
        if BUILT not in schemas(database):
            return 0
        row = connection.execute(f"SELECT coalesce(max(position), 0) FROM {BUILT}.checkpoint".encode()).fetchone()
    assert row is not None
    return int(row[0])


def change(database: Database, *statements: str) -> None:
    """A superuser's hand in the live tables."""
    with connect(database, autocommit=True) as connection:
        for each in statements:
            assert connection.execute(each.encode()).rowcount != 0, each


def outline(database: Database, schema: str = "projection") -> list[tuple[Any, ...]]:
    """Everything that the catalog says of the tables of a schema, and of the schema itself.

    A constraint that was not validated counts like one that was: over a rebuilt table it is.
    """
    with connect(database, autocommit=True) as connection:
        return connection.execute(
            """
            WITH tables AS (SELECT * FROM pg_class WHERE relnamespace = to_regnamespace(%(schema)s) AND relkind = 'r')
            SELECT relname, 'column', attname, format('%%s %%s %%s %%s', format_type(atttypid, atttypmod), attnotnull,
                   col_description(tables.oid, attnum), pg_get_expr(adbin, adrelid))
              FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
                   LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
            UNION ALL SELECT relname, 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
              FROM tables JOIN pg_index ON indrelid = tables.oid
            UNION ALL SELECT relname, 'constraint', conname,
                   replace(pg_get_constraintdef(pg_constraint.oid), ' NOT VALID', '')
              FROM tables JOIN pg_constraint ON conrelid = tables.oid
            UNION ALL SELECT relname, 'table', relowner::regrole::text,
                   format('%%s %%s', reloptions, obj_description(oid, 'pg_class'))
              FROM tables
            UNION ALL SELECT relname, 'privilege', format('%%s %%s', grantee, privilege_type), is_grantable::text
              FROM tables, aclexplode(relacl)
            UNION ALL SELECT relname, 'privilege', format('%%s %%s', grantee, attname), privilege_type
              FROM tables JOIN pg_attribute ON attrelid = tables.oid, aclexplode(attacl)
            UNION ALL SELECT nspname, 'schema', nspowner::regrole::text,
                   format('%%s %%s', nspacl, obj_description(oid, 'pg_namespace'))
              FROM pg_namespace WHERE nspname = %(schema)s
            ORDER BY 1, 2, 3, 4
            """,
            {"schema": schema},
        ).fetchall()


def start(task: str, database: Database | Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A task of `tests.rebuilding.processes` in a process of its own."""
    named = database.url if isinstance(database, Database) else str(database)
    order = [sys.executable, "-m", "tests.rebuilding.processes", task, named, *arguments]
    return subprocess.Popen(order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> Any:
    """What a task said at its end, after its input is closed."""
    out, err = process.communicate(timeout=120)
    assert err == b"", err.decode()
    return orjson.loads(out.splitlines()[-1])


def told(process: subprocess.Popen[bytes], line: bytes) -> None:
    """Wait until a task says this."""
    assert process.stdout is not None
    found = process.stdout.readline()
    assert found.strip() == line, (found, process.stderr.read() if process.stderr and process.poll() else b"")


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Look again and again."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)
