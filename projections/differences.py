"""The live tables of a projection against those of a fresh fold, row by row and both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.store.database import Connection
from projections.statements import LIVE

CHECKPOINT = ("checkpoint", ("checkpoint",))
"""The table beside the projections, in the shape of one: its name and its tables."""

Difference = dict[str, Any]


def first_difference(
    connection: Connection, projection: str, tables: Sequence[str], fresh: str, *, where: str = "true"
) -> Difference | None:
    """`{"projection", "table", "what", "row"}` of the first row that differs from that of schema `fresh`, or None.

    `row` is JSON text. `where` limits both sides to the rows it holds for.
    """
    for table in tables:
        live, folded = (f"SELECT * FROM {schema}.{table} WHERE {where}" for schema in (LIVE, fresh))
        row = _first(connection, f"({live}) EXCEPT ({folded})")
        what = "a live row is not in a fresh fold"
        # Every table has a key, so no row is there twice: as many on both sides, and none there has no like here.
        if row is None and _first(connection, f"({_count(live)}) EXCEPT ({_count(folded)})") is not None:
            row = _first(connection, f"({folded}) EXCEPT ({live})")
            what = "a row of a fresh fold is not in the live table"
        if row is not None:
            return {"projection": projection, "table": table, "what": what, "row": row}
    return None


def _count(query: str) -> str:
    return f"SELECT count(*) FROM ({query}) AS counted"


def _first(connection: Connection, query: str) -> str | None:
    """The first row of a query as JSON text."""
    row = connection.execute(f"SELECT row_to_json(t)::text FROM ({query} LIMIT 1) AS t".encode()).fetchone()
    return row[0] if row is not None else None
