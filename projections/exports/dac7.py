"""DAC7: what each seller earned in each quarter of a year, in whole units (directive 2021/514; CGI, art. 1649 ter A).

Consideration is what the seller was paid net of fees and taxes (gross − commission − VAT on it), fees are the
platform's commission, taxes the VAT on it, activities the missions that were paid. A mission belongs to the quarter of
the local date its session ended on. What is booked of it later, a credit as well as the line that follows one, belongs
to the quarter of the month it was booked in: consideration is reported when it is paid or credited (annex V, section
III, B), so that what is paid back, and paid once more, is so in its own quarter, and a year that was reported stays.

No number may be negative. What a refund leaves below zero is carried to the next quarters of its year; what they
cannot bear either is taken off those before, the latest first; only what the whole year cannot bear goes into the
next. So the quarters sum to the year. Quarters are summed in minor units and each is rounded once, half up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

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

    `billed` comes in the order it was booked in. `{"seller", "accounts", "year", "currency", "q1": {measure: whole
    units} … "q4", "exact": {measure: decimal text of the year}, "carried": [{"from", "to", measure: decimal text}]}`.
    What is carried goes from one quarter to the next, at the year's end to those before, and in from the year before
    and out into the next.
    """
    ledger: dict[tuple[str, str], Quarters] = {}
    last = year * 4 + 3
    taken_back: set[str] = set()
    for each in billed:
        quarter = quarter_of(each, again=each.mission in taken_back)
        if each.role == CREDIT:
            taken_back.add(each.mission)
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


def quarter_of(billed: Billed, *, again: bool) -> int:
    """The quarter an amount counts in, as year × 4 + 0…3; `again`: a credit has taken its mission back before.

    A line that stands once more after a credit corrects nothing, yet its session's quarter has counted it already: it
    belongs, as its credit does, where it was booked.
    """
    if again or billed.corrects_position or billed.role == CREDIT:
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


class YearOf(NamedTuple):
    """One measure of a year: what its quarters report, at least 0; what moves between them, at most 0.

    `ahead[n]` went from quarter n to the next, `back[n]` from the last quarter to quarter n, `out` into the next year.
    sum(amounts) == sum(reported) + out.
    """

    reported: list[int]
    ahead: list[int]
    back: list[int]
    out: int


def year_of(amounts: Sequence[int]) -> YearOf:
    """The four quarters of one measure, the first with what the year before could not bear."""
    reported, ahead = carried(amounts)
    rest, back = ahead.pop(), [0] * len(reported)
    for index in reversed(range(len(reported))):
        back[index] = max(rest, -reported[index])
        reported[index] += back[index]
        rest -= back[index]
    return YearOf(reported, ahead, back, rest)


def _row(seller: str, accounts: Sequence[str], year: int, currency: str, quarters: Quarters) -> dict[str, Any] | None:
    none = [0, 0, 0, 0]
    before = rest = none
    measures: list[YearOf] = []
    for each in range(min(min(quarters) // 4, year), year + 1):
        before = rest
        amounts = zip(*(quarters.get(each * 4 + number, none) for number in range(4)), strict=True)
        measures = [year_of([first + left, *others]) for (first, *others), left in zip(amounts, before, strict=True)]
        rest = [measure.out for measure in measures]
    reported = list(zip(*(measure.reported for measure in measures), strict=True))
    moves = [move for move in _moves(year, before, measures) if any(move[2])]
    if not moves and not any(map(any, reported)):
        return None
    return {
        "seller": seller,
        "accounts": list(accounts),
        "year": year,
        "currency": currency,
        **{f"q{number}": _whole(amounts, currency) for number, amounts in enumerate(reported, 1)},
        "exact": _spelled([sum(each) for each in zip(*reported, strict=True)], currency),
        "carried": [{"from": start, "to": end, **_spelled(amounts, currency)} for start, end, amounts in moves],
    }


def _moves(year: int, before: Sequence[int], measures: Sequence[YearOf]) -> Iterator[tuple[str, str, Sequence[int]]]:
    """What moved into a year, in it, and out of it: from where, to where, how much of each measure."""
    first, last = year * 4, year * 4 + 3
    yield _name(first - 1), _name(first), before
    for index in range(3):
        yield _name(first + index), _name(first + index + 1), [each.ahead[index] for each in measures]
    for index in reversed(range(4)):
        yield _name(last), _name(first + index), [each.back[index] for each in measures]
    yield _name(last), _name(last + 1), [each.out for each in measures]


def _name(quarter: int) -> str:
    return f"{quarter // 4}-q{quarter % 4 + 1}"


def _whole(amounts: Sequence[int], currency: str) -> dict[str, int]:
    unit = int(10 ** EXPONENT[currency])
    whole = [rounded(each, unit, HALF_UP) for each in amounts[:ACTIVITIES]]
    return dict(zip(MEASURES, (*whole, amounts[ACTIVITIES]), strict=True))


def _spelled(amounts: Sequence[int], currency: str) -> dict[str, str | int]:
    spelled = [to_amount(each, currency) for each in amounts[:ACTIVITIES]]
    return dict(zip(MEASURES, (*spelled, amounts[ACTIVITIES]), strict=True))
