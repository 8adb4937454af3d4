"""XLSX: a sheet of lines (more than one when they exceed a sheet) and a sheet of totals.

The file holds each amount as its exact decimal text: the writer is given decimals and prints up to 16 digits of them.
A spreadsheet itself reckons with 15, so an amount with more is written as text rather than rounded by whoever opens it.
Dates are whole days and need no fraction. Texts are strings, whatever they begin with; none becomes a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledger.instants import to_text
from ledger.money import EXPONENT, to_amount
from projections.exports.billed import Billed, Counted
from projections.exports.columns import AMOUNT, COLUMNS, DAY, INSTANT, INTEGER, NUMBER, RATE, TEXT, exact
from projections.exports.xlsx_rows import EXACT_DIGITS, FIRST_DAY, Rows, RowText

SHEET_ROWS = 1_048_576
CREATED = datetime(2000, 1, 1, tzinfo=UTC)  # the same rows make the same bytes, whenever they are written

Put = Callable[[Worksheet, int, int, Any, str], None]


class _Styles:
    """The number formats of a workbook: one per number of decimals, one for days."""

    def __init__(self, book: Workbook) -> None:
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd"})
        self.head: Format = book.add_format({"bold": True})
        formats = {0: "0", **{each: f"0.{'0' * each}" for each in set(EXPONENT.values()) if each}}
        self.decimals: dict[int, Format] = {each: book.add_format({"num_format": formats[each]}) for each in formats}
        for each in (self.head, self.day, *self.decimals.values()):
            each._get_xf_index()  # numbered here, not in the order that the rows happen to use them in

    def amount(self, sheet: Worksheet, row: int, column: int, minor: int, currency: str) -> None:
        """Put an amount into a cell."""
        if len(str(abs(minor))) > EXACT_DIGITS:
            sheet.write_string(row, column, to_amount(minor, currency))
        else:
            sheet.write_number(row, column, exact(minor, currency), self.decimals[EXPONENT[currency]])


def write(out: BinaryIO, rows: Iterable[Billed]) -> None:
    """Write all rows, one at a time; finished rows wait in a temporary file."""
    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.use_zip64()  # a sheet of a million long names is larger than a plain ZIP file's entry may be
    book.set_properties({"created": CREATED})
    styles, counted = _Styles(book), Counted(rows)
    row_text = RowText(styles.day, styles.decimals)
    plan = [(column.of, _putting(column.holds, styles)) for column in COLUMNS]
    sheet = _sheet(book, styles, "lines")
    at = 1
    for row in counted:
        if at == SHEET_ROWS:
            sheet, at = _sheet(book, styles, f"lines {len(book.worksheets()) + 1}"), 1
        sheet.begin(at)
        cells = row_text.cells(row, at)
        if cells is not None:
            sheet.put(at, cells)
        else:
            for column, (of, put) in enumerate(plan):
                put(sheet, at, column, of(row), row.currency)
        at += 1
    _totals(book, styles, counted)
    book.close()


def _sheet(book: Workbook, styles: _Styles, name: str) -> Rows:
    sheet: Rows = book.add_worksheet(name, Rows)
    sheet.freeze_panes(1, 0)
    for column, each in enumerate(COLUMNS):
        sheet.set_column(column, column, 20 if each.holds in (TEXT, INSTANT) else 12)
        sheet.write_string(0, column, each.name, styles.head)
    return sheet


def _putting(holds: str, styles: _Styles) -> Put:
    """How a cell of a column is written."""

    def text(sheet: Worksheet, row: int, column: int, value: str, currency: str) -> None:
        sheet.write_string(row, column, value)

    def day(sheet: Worksheet, row: int, column: int, value: date, currency: str) -> None:
        sheet.write_number(row, column, (value - FIRST_DAY).days, styles.day)

    def integer(sheet: Worksheet, row: int, column: int, value: int, currency: str) -> None:
        sheet.write_number(row, column, value)

    def number(sheet: Worksheet, row: int, column: int, value: int, currency: str) -> None:
        if value:
            sheet.write_number(row, column, value)

    def rate(sheet: Worksheet, row: int, column: int, value: str, currency: str) -> None:
        sheet.write_number(row, column, Decimal(value))

    def instant(sheet: Worksheet, row: int, column: int, value: int, currency: str) -> None:
        sheet.write_string(row, column, to_text(value))

    puts: dict[str, Put] = {
        TEXT: text,
        DAY: day,
        INTEGER: integer,
        NUMBER: number,
        AMOUNT: styles.amount,
        RATE: rate,
        INSTANT: instant,
    }
    return puts[holds]


def _totals(book: Workbook, styles: _Styles, counted: Counted) -> None:
    sheet: Worksheet = book.add_worksheet("totals")
    for column, name in enumerate(("currency", "missions", "gross", "commission", "vat", "net")):
        sheet.write_string(0, column, name, styles.head)
    for row, (currency, sums) in enumerate(sorted(counted.sums.items()), 1):
        sheet.write_string(row, 0, currency)
        sheet.write_number(row, 1, sums.missions)
        net = sums.gross - sums.commission - sums.vat
        for column, minor in enumerate((sums.gross, sums.commission, sums.vat, net), 2):
            styles.amount(sheet, row, column, minor, currency)
