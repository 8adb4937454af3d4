"""DAC7: what each seller earned in each quarter of a year, in whole units (directive 2021/514; CGI, art. 1649 ter A).

Consideration is what the seller was paid net of fees and taxes (gross − commission − VAT on it), fees are the
platform's commission, taxes the VAT on it, activities the missions that were paid. A mission belongs to the quarter of
the local date its session ended on; a later correction to the quarter of the month it was booked in. No number may be
negative: what a refund leaves below zero is carried to the next quarter and said so. Quarters are summed in minor units
and each is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from ledger.money import EXPONENT, HALF_UP, rounded, to_amount
from projections.exports.billed import CREDIT, Billed

MEASURES = ("consideration", "fees", "taxes", "activities")
ACTIVITIES = 3

Person = Callable[[str], Sequence[str]]
"""pro → all accounts of the same person, in order of name."""
Quarters = dict[int, list[int]]
"""Quarter (year × 4 + 0…3) → the four measures, amounts in minor units."""


def rows(billed: Iterable[Billed], year: int, person: Person) -> list[dict[str, Any]]:
    """One row per seller and currency for a year, from everything billed up to its end, in order of both.

    `{"seller", "accounts", "year", "currency", "q1": {measure: whole units} … "q4", "exact": {measure: decimal text of
    the year}, "carried": [{"from", "to", measure: decimal text}]}`. What is carried goes from one quarter to the next,
    also in from the year before and out into the next.
    """
    ledger: dict[tuple[str, str], Quarters] = {}
    last = year * 4 + 3
    for each in billed:
        quarter = quarter_of(each)
        if quarter <= last:
            quarters = ledger.setdefault((person(each.pro)[0], each.currency), {})
            measures = quarters.setdefault(quarter, [0, 0, 0, 0])
            for index, amount in enumerate(_measures(each)):
                measures[index] += amount
    found = (
        _row(seller, person(seller), year, currency, quarters)
        for (seller, currency), quarters in sorted(ledger.items(), key=lambda item: item[0])
    )
    return [row for row in found if row is not None]


def quarter_of(billed: Billed) -> int:
    """The quarter an amount counts in, as year × 4 + 0…3."""
    if billed.corrects_position or billed.role == CREDIT:
        year, month = map(int, billed.period.split("-"))
    else:
        year, month = billed.day.year, billed.day.month
    return year * 4 + (month - 1) // 3


def _measures(billed: Billed) -> tuple[int, int, int, int]:
    paid = (billed.gross > 0) - (billed.gross < 0)
    return billed.net, billed.commission, billed.vat, paid


def carried(amounts: Iterable[int]) -> tuple[list[int], list[int]]:
    """What each quarter reports, at least 0, and what it leaves to the next one, at most 0.

    sum(amounts) == sum(reported) + left[-1].
    """
    reported, left, rest = [], [], 0
    for amount in amounts:
        due = amount + rest
        rest = min(due, 0)
        reported.append(due - rest)
        left.append(rest)
    return reported, left


def _row(seller: str, accounts: Sequence[str], year: int, currency: str, quarters: Quarters) -> dict[str, Any] | None:
    first = year * 4
    span = range(min(first, *quarters) - 1, first + 4)  # with the quarter before the year, which may leave something
    none = [0, 0, 0, 0]
    columns = [carried(quarters.get(each, none)[index] for each in span) for index in range(len(MEASURES))]
    reported = list(zip(*(column[0] for column in columns), strict=True))[-4:]
    left = list(zip(*(column[1] for column in columns), strict=True))[-5:]
    if not any(map(any, (*reported, *left))):
        return None
    names = (*(_name(each) for each in span[-5:]), _name(first + 4))
    moves = [
        {"from": before, "to": after, **_spelled(amounts, currency)}
        for (before, after), amounts in zip(pairwise(names), left, strict=True)
        if any(amounts)
    ]
    return {
        "seller": seller,
        "accounts": list(accounts),
        "year": year,
        "currency": currency,
        **{f"q{number}": _whole(amounts, currency) for number, amounts in enumerate(reported, 1)},
        "exact": _spelled([sum(each) for each in zip(*reported, strict=True)], currency),
        "carried": moves,
    }


def _name(quarter: int) -> str:
    return f"{quarter // 4}-q{quarter % 4 + 1}"


def _whole(amounts: Sequence[int], currency: str) -> dict[str, int]:
    unit = int(10 ** EXPONENT[currency])
    whole = [rounded(each, unit, HALF_UP) for each in amounts[:ACTIVITIES]]
    return dict(zip(MEASURES, (*whole, amounts[ACTIVITIES]), strict=True))


def _spelled(amounts: Sequence[int], currency: str) -> dict[str, str | int]:
    spelled = [to_amount(each, currency) for each in amounts[:ACTIVITIES]]
    return dict(zip(MEASURES, (*spelled, amounts[ACTIVITIES]), strict=True))
