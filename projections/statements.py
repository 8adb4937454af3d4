"""SQL by name: every statement of the projections is a file in `projections/sql`.

Their tables are named without a schema: the connection's search path says whether they are the live ones (schema
`projection`) or a fresh fold beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from psycopg import Cursor

from ledger.store.database import Connection, translated
from ledger.store.statements import statement

FOLDER = Path(__file__).parent / "sql"
LIVE = "projection"

Row = dict[str, Any]
Columns = tuple[str, ...]
Rows = Sequence[tuple[Any, ...]]

COPY_ROWS = 10
"""Up to so many new rows go by the statement that merges: a COPY takes more round trips."""


def sql(name: str) -> bytes:
    """The text of `sql/<name>.sql`."""
    return statement(name, FOLDER)


def search_path(connection: Connection, schema: str = LIVE) -> None:
    """Let the projection tables of a connection be those of a schema."""
    with translated():
        connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
        if not connection.autocommit:
            connection.commit()


class Writes:
    """Statements to run, with their parameters already bound: what they write no longer depends on the book."""

    def __init__(self) -> None:
        self.statements: list[tuple[bytes, dict[str, Any] | bytes]] = []

    def run(self, name: str, **parameters: Any) -> None:
        """Run `sql/<name>.sql`."""
        self.statements.append((sql(name), parameters))

    def merge(self, table: str, rows: Sequence[Row]) -> None:
        """Insert or replace rows of a projection; one statement and one parameter, whatever their number."""
        if rows:
            self.run(f"merge_{table}", rows=orjson.dumps(rows).decode())

    def merge_columns(self, table: str, columns: Columns, rows: Rows) -> None:
        """The same where there are many rows: each column is a parameter, which is quicker to make and to read."""
        self.run_columns(f"merge_{table}", columns, rows)

    def run_columns(self, name: str, columns: Columns, rows: Rows) -> None:
        """Run `sql/<name>.sql` with an array for each column, unless there are no rows."""
        if rows:
            self.run(name, **dict(zip(columns, map(array, zip(*rows, strict=True)), strict=True)))

    def insert(self, table: str, columns: Columns, rows: Rows) -> None:
        """Insert rows that are known to be new; no look for what they would replace: half the work of a merge."""
        if len(rows) > COPY_ROWS:
            self.statements.append((sql(f"copy_{table}"), copy_text(rows)))
        else:
            self.merge_columns(table, columns, rows)

    def delete(self, table: str, rows: Sequence[Row]) -> None:
        """Delete the rows of a projection with these keys."""
        if rows:
            self.run(f"delete_{table}", rows=orjson.dumps(rows).decode())

    def execute(self, cursor: Cursor[Any]) -> None:
        """Run them all, in order. psycopg's UniqueViolation where a row that was to be new is there."""
        for statement_text, parameters in self.statements:
            if isinstance(parameters, dict):
                cursor.execute(statement_text, parameters)
                continue
            with cursor.copy(statement_text) as copy:
                copy.write(parameters)


def copy_text(rows: Rows) -> bytes:
    """Rows of identifiers and whole numbers as COPY reads them: a line each, tabs between the columns.

    No identifier holds what COPY gives a meaning of its own: a control character or a backslash. Made beforehand, so
    that the log is not locked meanwhile.
    """
    line = "\t".join(["%s"] * len(rows[0])) + "\n"
    text = "".join([line % row for row in rows])
    assert "\\" not in text, "a backslash in an identifier"
    assert text.count("\t") + text.count("\n") == len(rows) * len(rows[0]), "a tab or a line end in an identifier"
    return text.encode()


def array(values: Sequence[Any]) -> str:
    """A column as PostgreSQL writes an array: as JSON does, but in braces.

    The two differ in control characters, which no identifier holds (`ledger/events/fields.py`).
    """
    return f"{{{orjson.dumps(values).decode()[1:-1]}}}"
