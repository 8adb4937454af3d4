"""The financial year of a company that closes its books on the last day of some month: `12-31`, `06-30`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from ledger.instants import month_text


def closing_day(year_ends: str, year: int) -> date:
    """The day the financial year that ends in a calendar year is closed on."""
    month = int(year_ends[:2])
    return date(year, month, monthrange(year, month)[1])


def months_of(year_ends: str, year: int) -> tuple[str, ...]:
    """The twelve months of the financial year that ends in a calendar year, in order."""
    last = year * 12 + int(year_ends[:2]) - 1
    return tuple(map(month_text, range(last - 11, last + 1)))


def year_of(year_ends: str, period: str) -> int:
    """The calendar year in which the financial year of a month ends."""
    year, month = map(int, period.split("-"))
    return year + (month > int(year_ends[:2]))
