"""CSV as RFC 4180 has it: comma, CRLF, quotes where needed, a header, UTF-8 without a mark of its own.

A spreadsheet runs a text that begins like a formula. Texts come from outside, so such a text gets an apostrophe before
it, which a spreadsheet shows as text; a program strips one leading apostrophe. Numbers never come from outside: they
are spelled here from integers, so `-33.50` stays a number.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO

from ledger.instants import to_text
from ledger.money import to_amount
from projections.exports.billed import Billed
from projections.exports.columns import AMOUNT, COLUMNS, DAY, INSTANT, INTEGER, NUMBER, RATE, TEXT

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a formula may begin with, also in full width, which some spreadsheets fold (OWASP, CSV Injection)."""

Cell = Callable[[Any, str], object]


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


_CELLS: dict[str, Cell] = {
    TEXT: lambda value, currency: safe(value),
    DAY: lambda value, currency: value.isoformat(),
    INTEGER: lambda value, currency: value,
    NUMBER: lambda value, currency: value or "",
    AMOUNT: to_amount,
    RATE: lambda value, currency: value,
    INSTANT: lambda value, currency: to_text(value),
}
_PLAN = tuple((column.of, _CELLS[column.holds]) for column in COLUMNS)


def write(out: BinaryIO, rows: Iterable[Billed]) -> None:
    """Write all rows, one at a time."""
    records = ([cell(of(row), row.currency) for of, cell in _PLAN] for row in rows)
    write_records(out, [column.name for column in COLUMNS], records)


def write_records(out: BinaryIO, header: Sequence[str], records: Iterable[Sequence[object]]) -> None:
    """Write a header and records whose texts are already safe."""
    text = TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(records)
    text.flush()
    text.detach()
