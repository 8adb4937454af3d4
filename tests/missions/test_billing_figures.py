"""What a mission costs: gross, commission and VAT, each rounded once, per line, in integers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from .kit import (
    Document,
    Story,
    accepted,
    cancelled,
    completed,
    event,
    modified,
    no_show,
    policy,
    requested,
)


def price(amount: str, currency: str = "EUR", per: str = "mission") -> dict[str, str]:
    return {"amount": amount, "currency": currency, "per": per}


def done(minutes: int = 120, *more: Document, terms: dict[str, Any] | None = None, **request: Any) -> Story:
    """A mission done, beside another of another pro that must stay as it is: 60.00, 9.00, 1.80."""
    policies = [policy("2", "2026-02-01 00:00", billing=terms)] if terms else []
    return Story(
        *policies,
        requested("m-1", **request),
        requested("m-2", city="paris", price=price("60.00")),
        accepted("m-1", "p-1"),
        accepted("m-2", "p-2"),
        completed("m-1", minutes=minutes),
        completed("m-2"),
        *more,
    )


@pytest.mark.parametrize(
    ("amount", "commission", "rounding", "amounts"),
    [
        ("59.90", "0.25", "half_up", (5990, 1498, 300)),  # 14.975: a binary float gives 14.97
        ("59.90", "0.25", "half_even", (5990, 1498, 300)),
        ("59.70", "0.25", "half_up", (5970, 1493, 299)),  # 14.925
        ("59.70", "0.25", "half_even", (5970, 1492, 298)),
        ("0.00", "0.25", "half_up", (0, 0, 0)),
        ("0.01", "0.15", "half_up", (1, 0, 0)),
        ("0.02", "0.25", "half_up", (2, 1, 0)),
        ("0.02", "0.25", "half_even", (2, 0, 0)),
        ("999999.99", "1", "half_up", (99999999, 99999999, 20000000)),
        ("100.00", "0", "half_up", (10000, 0, 0)),
    ],
)
def test_commission(amount: str, commission: str, rounding: str, amounts: tuple[int, int, int]) -> None:
    terms = {"commission": commission, "rounding": rounding}
    story = done(terms=terms, price=price(amount))

    assert story.amounts("m-1") == amounts


@pytest.mark.parametrize(
    ("amount", "minutes", "rounding", "gross"),
    [
        ("30.00", 120, "half_up", 6000),
        ("29.90", 125, "half_up", 6229),  # 62.2916…
        ("10.00", 1, "half_up", 17),
        ("0.30", 1, "half_up", 1),  # half a cent
        ("0.30", 1, "half_even", 0),
        ("0.90", 1, "half_even", 2),
        ("30.00", 1440, "half_up", 72000),
    ],
)
def test_per_hour(amount: str, minutes: int, rounding: str, gross: int) -> None:
    story = done(minutes, terms={"rounding": rounding}, price=price(amount, per="hour"))

    assert story.amounts("m-1")[0] == gross
    assert story.amounts("m-2") == (6000, 900, 180)


@pytest.mark.parametrize(
    ("amount", "currency", "amounts"),
    [
        ("5990", "JPY", (5990, 899, 180)),  # no decimals: 898.5
        ("59.905", "TND", (59905, 8986, 1797)),  # three decimals: 8.98575
        ("59.90", "CHF", (5990, 899, 180)),
        ("66.83", "CHF", (6683, 1002, 200)),  # 10.0245: coins of 0.05 are for whoever pays, not for a line
    ],
)
def test_each_currency_has_its_own_minor_unit(amount: str, currency: str, amounts: tuple[int, int, int]) -> None:
    story = done(price=price(amount, currency))

    assert story.amounts("m-1") == amounts
    line = story.line("m-1")
    assert line is not None
    assert line.currency == currency
    assert story.amounts("m-2") == (6000, 900, 180)


def test_vat_is_taken_on_the_rounded_commission() -> None:
    story = done(terms={"commission": "0.25"}, price=price("0.10"))  # 0.025 → 0.03; 20 % of 0.03, not of 0.025

    assert story.amounts("m-1") == (10, 3, 1)


def test_a_service_has_its_own_rate_and_a_city_its_own_terms() -> None:
    assert done(service="cleaning", price=price("100.00")).amounts("m-1") == (10000, 1800, 360)
    lyon = policy("2", "2026-02-01 00:00", city={"lyon": {"billing": {"commission": "0.10", "vat": "0.081"}}})
    story = Story(lyon, requested(price=price("60.00")), requested("m-2", city="paris", price=price("60.00")))
    story.given(accepted("m-1"), accepted("m-2", "p-2"), completed("m-1"), completed("m-2"))

    assert story.amounts("m-1") == (6000, 600, 49)
    assert story.amounts("m-2") == (6000, 900, 180)


def test_services_added_are_part_of_gross() -> None:
    ironing = {"label": "ironing", "price": {"amount": "15.00", "currency": "EUR"}}
    oven = {"label": "oven", "price": {"amount": "7.35", "currency": "EUR"}}
    first = modified("m-1", "2026-03-10 12:00", 60, reason="service_added", added=[ironing, oven])
    second = modified("m-1", "2026-03-10 13:00", 90, reason="longer")

    story = done(120, first, second, price=price("30.00", per="hour"))

    assert story.amounts("m-1") == (4500 + 1500 + 735, 1010, 202)
    assert story.amounts("m-2") == (6000, 900, 180)


@pytest.mark.parametrize(
    ("given", "fee"),
    [
        (price("59.90"), 4000),  # capped
        (price("40.00"), 4000),
        (price("39.99"), 3999),
        (price("15.00", per="hour"), 3000),  # the two hours asked for
        (price("90.00", "CHF"), 9000),  # the cap is in EUR: amounts of two currencies are never compared
    ],
)
def test_a_clients_absence_bears_a_fee_and_no_commission(given: dict[str, str], fee: int) -> None:
    story = Story(requested(price=given), requested("m-2", price=price("60.00")), accepted(), accepted("m-2", "p-2"))

    story.given(event("mission.client_absent", "m-1", "2026-03-10 09:20"), completed("m-2"))

    assert story.amounts("m-1") == (fee, 0, 0)
    assert story.amounts("m-2") == (6000, 900, 180)
    line = story.line("m-1")
    assert line is not None
    assert (line.kind, line.rate) == ("client_absent", Fraction(0))


def test_the_fee_is_a_percentage_before_the_cap() -> None:
    half = policy("2", "2026-02-01 00:00", client_absent={"fee_percent": "33.3"})
    story = Story(half, requested(price=price("60.05")), requested("m-2"), accepted(), accepted("m-2", "p-2"))
    story.given(event("mission.client_absent", "m-1", "2026-03-10 09:20"))

    assert story.amounts("m-1") == (2000, 0, 0)  # 19.99665
    assert story.line("m-2") is None


@pytest.mark.parametrize(
    "ending",
    [
        [],
        [cancelled("m-1")],
        [cancelled("m-1", by="client")],
        [no_show("m-1")],
        [event("mission.refused", "m-1", "2026-03-02 09:00", pro="p-3")],
    ],
    ids=["open", "by pro", "by client", "no-show", "refused"],
)
def test_only_what_was_completed_costs(ending: list[Document]) -> None:
    story = Story(requested(), requested("m-2"), accepted(), accepted("m-2", "p-2"), *ending)

    assert story.line("m-1") is None
    assert story.line("m-2") is None


def test_the_rate_is_that_of_the_policy_at_acceptance() -> None:
    dearer = policy("2", "2026-03-05 00:00", billing={"commission": "0.30", "vat": "0.10"})
    story = Story(dearer, requested(price=price("100.00")), requested("m-2", price=price("100.00")))
    story.given(accepted("m-1", "p-1", "2026-03-04 23:59"), accepted("m-2", "p-2", "2026-03-05 00:00"))
    story.given(completed("m-1"), completed("m-2"))

    assert story.amounts("m-1") == (10000, 1500, 300)
    assert story.amounts("m-2") == (10000, 3000, 300)


def test_the_month_of_a_line_is_that_of_the_sessions_end_where_it_took_place() -> None:
    story = Story(requested(), requested("m-2", timezone="America/New_York"), accepted(), accepted("m-2", "p-2"))
    story.given(completed("m-1", "2026-03-31 23:00"), completed("m-2", "2026-03-31 23:00"))

    lines = story.line("m-1"), story.line("m-2")
    assert [line.period for line in lines if line] == ["2026-04", "2026-03"]
