"""The yearly statement of a pro: missions and amounts, by month and currency (CGI, art. 242 bis)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from projections.exports.billed import Billed, Sums
from projections.exports.csv_table import safe

HEADER = ("pro", "year", "month", "currency", "missions", "gross", "commission", "vat", "net")

Months = dict[tuple[str, str], Sums]
"""(currency, month) → sums."""


def statements(billed: Iterable[Billed], year: int) -> list[dict[str, Any]]:
    """One statement per pro, in order of name, of amounts whose month is in the year.

    `{"pro", "year", "currencies": {CURRENCY: {"missions", "gross", "commission", "vat", "net", "months": [{"month",
    "missions", "gross", "commission", "vat", "net"}]}}}`; amounts are decimal texts, corrections negative where they
    were booked. Currencies are never added together.
    """
    pros: dict[str, Months] = {}
    for each in billed:
        months = pros.setdefault(each.pro, {})
        months.setdefault((each.currency, each.period), Sums()).add(each)
    return [_statement(pro, year, months) for pro, months in sorted(pros.items())]


def _statement(pro: str, year: int, months: Months) -> dict[str, Any]:
    currencies: dict[str, dict[str, Any]] = {}
    for currency in sorted({currency for currency, _ in months}):
        whole, listed = Sums(), []
        for month, sums in sorted((month, sums) for (other, month), sums in months.items() if other == currency):
            listed.append({"month": month, "missions": sums.missions, **sums.amounts(currency)})
            whole.missions += sums.missions
            whole.gross += sums.gross
            whole.commission += sums.commission
            whole.vat += sums.vat
        currencies[currency] = {"missions": whole.missions, **whole.amounts(currency), "months": listed}
    return {"pro": pro, "year": year, "currencies": currencies}


def records(documents: Iterable[dict[str, Any]]) -> Iterator[Sequence[object]]:
    """The statements as CSV records under `HEADER`, one per pro, currency and month; without totals, to be summed."""
    for each in documents:
        for currency, part in each["currencies"].items():
            for month in part["months"]:
                amounts = (month[name] for name in ("missions", "gross", "commission", "vat", "net"))
                yield safe(each["pro"]), each["year"], month["month"], currency, *amounts
