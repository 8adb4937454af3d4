"""Parquet: amounts as decimal128 with four decimals, enough for every currency of ISO 4217, so nothing is rounded.

One scale for all currencies lets a query sum a column per currency without knowing exponents: 3350 cents are 33.5000,
5990 yen 5990.0000. Only whole row groups are in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from projections.exports.billed import Billed
from projections.exports.columns import AMOUNT, COLUMNS, DAY, INSTANT, INTEGER, NUMBER, RATE, TEXT, Column, exact

ROW_GROUP = 20_000
DIGITS, SCALE = 24, 4
"""19 digits of a 64-bit integer and 4 decimals."""
RATE_DIGITS, RATE_SCALE = 24, 12


def schema() -> pa.Schema:
    """The columns and their types."""
    types = {
        TEXT: pa.string(),
        DAY: pa.date32(),
        INTEGER: pa.int32(),
        NUMBER: pa.int64(),
        AMOUNT: pa.decimal128(DIGITS, SCALE),
        RATE: pa.decimal128(RATE_DIGITS, RATE_SCALE),
        INSTANT: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([pa.field(column.name, types[column.holds]) for column in COLUMNS])


def write(out: BinaryIO, rows: Iterable[Billed]) -> None:
    """Write all rows, a row group at a time."""
    layout = schema()
    remaining = iter(rows)
    with pq.ParquetWriter(out, layout, compression="zstd", version="2.6") as writer:
        while group := list(islice(remaining, ROW_GROUP)):
            arrays = [pa.array(_values(column, group), type=layout.field(column.name).type) for column in COLUMNS]
            writer.write_table(pa.Table.from_arrays(arrays, schema=layout), row_group_size=ROW_GROUP)


def _values(column: Column, rows: Sequence[Billed]) -> list[Any]:
    of = column.of
    match column.holds:
        case "amount":
            return [exact(of(row), row.currency) for row in rows]
        case "number":
            return [of(row) or None for row in rows]
        case "rate":
            return [Decimal(of(row)) for row in rows]
        case _:
            return [of(row) for row in rows]
