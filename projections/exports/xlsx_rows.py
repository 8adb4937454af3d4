"""Rows of a sheet as text, in the very bytes that XlsxWriter makes of them cell by cell, in a fifth of the time.

XlsxWriter looks at every cell several times; a million rows of 24 cells took it two and a half minutes. A row of plain
values is written here by one template; a row with anything else (a character that XML or Excel escapes, white space at
an end, an amount that a spreadsheet would round) is left to XlsxWriter. A test holds both to the same bytes.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ledger.instants import to_text
from ledger.money import EXPONENT, to_amount
from projections.exports.billed import Billed
from projections.exports.columns import AMOUNT, COLUMNS, DAY, INSTANT, INTEGER, NUMBER, RATE, TEXT

EXACT_DIGITS = 15
"""A spreadsheet reckons with no more."""
LARGEST = 10**EXACT_DIGITS - 1
FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet, for days after February 1900

_FIRST_ORDINAL = FIRST_DAY.toordinal()
_PLAIN = re.compile(r"(?:(?!_x)[!#-%'-;=?-~])+")
"""A text that needs no escape: visible ASCII without `&`, `<`, `>`, quotes, and not like Excel's own escapes."""

_values = attrgetter(*(column.name for column in COLUMNS))
_places = {
    holds: [at for at, each in enumerate(COLUMNS) if each.holds == holds] for holds in {c.holds for c in COLUMNS}
}
_texts = attrgetter(*(COLUMNS[at].name for at in _places[TEXT]))
_number = lru_cache(256)(lambda text: f"{Decimal(text):.16G}")
_instant = lru_cache(4096)(to_text)


class Rows(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A sheet in constant memory that also takes whole rows, below those written cell by cell."""

    def begin(self, row: int) -> None:
        """Begin a row, its number counted from 0: the one before is written, if it came cell by cell."""
        self._write_single_row(row)

    def put(self, row: int, cells: str) -> None:
        """Write the cells of the row that has begun."""
        self.fh.write(f'<row r="{row + 1}">{cells}</row>')
        self.dim_rowmax = row


class RowText:
    """The cells of rows, by a template for each set of decimals and of columns that are empty."""

    def __init__(self, day: Format, decimals: dict[int, Format]) -> None:
        self._day = day
        self._decimals = decimals
        self._templates: dict[tuple[int, ...], str] = {}

    def cells(self, row: Billed, at: int) -> str | None:
        """The cells of the row at a place counted from 0, None where XlsxWriter itself has to write them."""
        if not all(map(_PLAIN.fullmatch, _texts(row))):
            return None
        largest = max(abs(row.gross), abs(row.commission), abs(row.vat), abs(row.net))
        if largest > LARGEST:
            return None
        values: list[Any] = list(_values(row))
        currency = row.currency
        for place in _places[AMOUNT]:
            values[place] = to_amount(values[place], currency)
        for place in _places[DAY]:
            values[place] = values[place].toordinal() - _FIRST_ORDINAL
        for place in _places[RATE]:
            values[place] = _number(values[place])
        for place in _places[INSTANT]:
            values[place] = _instant(values[place])
        empty = tuple(place for place in _places[NUMBER] if not values[place])
        key = (EXPONENT[currency], *empty)
        template = self._templates.get(key)
        if template is None:
            template = self._templates[key] = self._template(EXPONENT[currency], empty)
        number = at + 1
        told = [each for place, value in enumerate(values) if place not in empty for each in (number, value)]
        return template % tuple(told)

    def _template(self, exponent: int, empty: tuple[int, ...]) -> str:
        styles = {AMOUNT: self._decimals[exponent], DAY: self._day}
        made = []
        for place, column in enumerate(COLUMNS):
            if place in empty:
                continue
            name, style = xl_col_to_name(place), styles.get(column.holds)
            attribute = f' s="{style._get_xf_index()}"' if style is not None else ""
            if column.holds in (TEXT, INSTANT):
                made.append(f'<c r="{name}%d" t="inlineStr"><is><t>%s</t></is></c>')
            else:
                assert column.holds in (AMOUNT, DAY, INTEGER, NUMBER, RATE)
                made.append(f'<c r="{name}%d"{attribute}><v>%s</v></c>')
        return "".join(made)
