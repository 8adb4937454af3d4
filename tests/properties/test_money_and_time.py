"""Money and closing instants against independent arithmetic: exact fractions, decimals, and the calendar."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from missions.kit import Story

from ledger.errors import Refused
from ledger.instants import closing_us as closing
from ledger.instants import from_us, parse_us, to_text
from ledger.money import EXPONENT, HALF_EVEN, HALF_UP, rounded, to_amount, to_minor

from .histories import Plan, in_time, lines, plans

ZONES = (
    "Europe/Paris",
    "Europe/Zurich",
    "Africa/Tunis",
    "Asia/Tokyo",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Africa/Cairo",
    "UTC",
)
instants = st.integers(parse_us("2012-01-01T00:00:00Z"), parse_us("2040-01-01T00:00:00Z"))


@given(st.integers(0, 10**14), st.sampled_from(sorted(EXPONENT)))
def test_minor_to_text_and_back(minor: int, currency: str) -> None:
    minor %= 10 ** (12 + EXPONENT[currency])
    text = to_amount(minor, currency)

    assert to_minor(text, currency) == minor
    assert Decimal(text) == Decimal(minor).scaleb(-EXPONENT[currency])
    assert ("." in text) == (EXPONENT[currency] > 0)
    assert to_amount(-minor, currency) == (f"-{text}" if minor else text)


@given(st.integers(0, 10**9), st.integers(0, 8), st.sampled_from(["EUR", "JPY", "TND", "CLF"]))
def test_what_is_finer_than_the_currency_is_refused(digits: int, places: int, currency: str) -> None:
    text = f"{Decimal(digits).scaleb(-places):f}"
    exact = Fraction(digits, 10**places) * 10 ** EXPONENT[currency]

    if exact.denominator == 1:
        assert to_minor(text, currency) == exact
    else:
        with pytest.raises(Refused) as refused:
            to_minor(text, currency)
        assert refused.value.code == "too_precise"


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9), st.sampled_from([HALF_UP, HALF_EVEN]))
def test_rounding_is_exact(numerator: int, denominator: int, mode: int) -> None:
    exact = Fraction(numerator, denominator)

    nearest = rounded(numerator, denominator, mode)

    assert abs(nearest - exact) <= Fraction(1, 2)
    if abs(nearest - exact) == Fraction(1, 2):
        assert abs(nearest) > abs(exact) if mode == HALF_UP else nearest % 2 == 0
    assert rounded(-numerator, denominator, mode) == -nearest


@given(st.integers(0, 10**9), st.integers(0, 10**4), st.sampled_from([HALF_UP, HALF_EVEN]))
def test_rounding_agrees_with_decimal(amount: int, rate: int, mode: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(amount) * Decimal(rate) / Decimal(10**4)
        by_decimal = exact.quantize(Decimal(1), ROUND_HALF_UP if mode == HALF_UP else ROUND_HALF_EVEN)

    assert rounded(amount * rate, 10**4, mode) == int(by_decimal)


@given(plans(most=8))
@settings(max_examples=60, deadline=None)
def test_lines_by_fractions_and_totals_as_sums_of_lines(missions: list[Plan]) -> None:
    story = Story(*in_time(missions))

    totals: dict[str, int] = {}
    for plan, line in zip(missions, lines(story, missions), strict=True):
        if line is None:
            continue
        minutes = 120 if line.kind == "client_absent" else plan.minutes + (15 if plan.kind == "changed" else 0)
        gross = _half_up(Fraction(plan.amount * minutes, 60))
        rate = Fraction("0.18") if plan.number % 2 else Fraction("0.15")
        if line.kind == "client_absent":
            gross, rate = min(gross, 4000) if line.currency == "EUR" else gross, Fraction(0)
        commission = _half_up(gross * rate)
        assert (line.gross, line.commission, line.vat) == (gross, commission, _half_up(commission * Fraction("0.20")))
        totals[line.currency] = totals.get(line.currency, 0) + gross - commission - line.vat
    found = [line for line in lines(story, missions) if line]
    for currency, net in totals.items():
        assert sum(each.gross - each.commission - each.vat for each in found if each.currency == currency) == net


def _half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


@given(instants, st.sampled_from(ZONES), st.sampled_from([0, 1, 2]))
def test_the_closing_instant(ended_at: int, timezone: str, closes: int) -> None:
    place = ZoneInfo(timezone)
    closes_at = closing(ended_at, timezone, closes)

    assert closes_at > ended_at
    day = from_us(ended_at).astimezone(place).date()
    before, after = (from_us(at).astimezone(place) for at in (closes_at - 1, closes_at))
    if closes == 2:
        assert (after.date(), after.hour, after.minute, after.second) == (day + timedelta(days=1), 12, 0, 0)
    else:
        last = day + timedelta(days=1 - closes)  # the last day on which a change is taken
        assert before.date() == last
        assert after.date() == last + timedelta(days=1)  # midnight, or the first instant where midnight is skipped


@given(instants, st.integers(-14 * 60, 14 * 60))
def test_instants_survive_any_offset(at: int, offset: int) -> None:
    assert parse_us(to_text(at)) == at
    sign, minutes = ("-" if offset < 0 else "+"), abs(offset)
    local = (from_us(at) + timedelta(minutes=offset)).replace(tzinfo=None).isoformat(timespec="microseconds")
    assert parse_us(f"{local}{sign}{minutes // 60:02d}:{minutes % 60:02d}") == at
