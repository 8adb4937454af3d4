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
        for here, there, what in (
            (live, folded, "a live row is not in a fresh fold"),
            (folded, live, "a row of a fresh fold is not in the live table"),
        ):
            query = f"SELECT row_to_json(t)::text FROM (({here}) EXCEPT ({there}) LIMIT 1) AS t"
            row = connection.execute(query.encode()).fetchone()
            if row is not None:
                return {"projection": projection, "table": table, "what": what, "row": row[0]}
    return None
