"""The columns of the table exports (CSV, Parquet, XLSX): one list for the three."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from ledger.money import EXPONENT
from projections.exports.billed import Billed

TEXT, DAY, INTEGER, NUMBER, AMOUNT, RATE, INSTANT = "text", "day", "integer", "number", "amount", "rate", "instant"


class Column(NamedTuple):
    """A column: its name, what it holds, and how it is read from a row.

    `amount` is minor units of the row's currency, `number` an integer that is empty where it is 0, `rate` a decimal
    text, `instant` microseconds.
    """

    name: str
    holds: str
    of: Callable[[Billed], Any]


COLUMNS = tuple(
    Column(name, holds, attrgetter(name))
    for name, holds in (
        ("period", TEXT),
        ("day", DAY),
        ("mission", TEXT),
        ("pro", TEXT),
        ("client", TEXT),
        ("city", TEXT),
        ("service", TEXT),
        ("kind", TEXT),
        ("role", TEXT),
        ("minutes", INTEGER),
        ("gross", AMOUNT),
        ("commission", AMOUNT),
        ("vat", AMOUNT),
        ("net", AMOUNT),
        ("currency", TEXT),
        ("rate", RATE),
        ("policy", TEXT),
        ("status", TEXT),
        ("ended_at", INSTANT),
        ("closes_at", INSTANT),
        ("position", NUMBER),
        ("number", NUMBER),
        ("corrects_position", NUMBER),
        ("corrects_number", NUMBER),
    )
)


def exact(minor: int, currency: str) -> Decimal:
    """An amount as an exact decimal with the decimals its currency has: 3350, EUR → 33.50."""
    return Decimal(minor).scaleb(-EXPONENT[currency])  # moves the point; 64 bits are fewer digits than any context has
