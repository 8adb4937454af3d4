"""A client's absence: no fault of the pro in any figure, and a fee under the cap of the mission's own currency."""

from __future__ import annotations

import pytest
from missions.kit import RECORDED, Document, Story, accepted, event, no_show, policy, rated, requested

from .career import agreed, called_off, day


def absent(mission: str = "m-1", time: str = "2026-03-10 09:20") -> Document:
    return event("mission.client_absent", mission, time)


def held(price: dict[str, str] | None = None, city: str = "lyon") -> list[Document]:
    more = {"price": price} if price else {}
    return [
        requested("m-1", city=city, **more),
        accepted("m-1", "p-1"),
        requested("m-2", city=city, **more),
        accepted("m-2", "p-2"),
    ]


def test_it_stays_below_the_line_and_never_gets_above_it() -> None:
    story = Story(*held(), *agreed("p-1", 19), absent())
    assert (story.rate("p-1"), story.rate("p-2")) == ((20, 0, 0), (1, 0, 0))

    warning = story.when(called_off("p-1", 0, day(100))).findings[0]
    assert warning.data["figures"]["rate"] == "1/20"  # in the denominator: accepted is accepted
    assert absent()["id"] not in story.ids(warning.data["evidence"])
    assert story.findings("p-2") == []


def test_neither_a_report_nor_a_rating_of_the_client_turns_it_round() -> None:
    story = Story(*held(), absent())

    assert story.when(no_show("m-1")).found == []
    assert story.when(rated("m-1", 1)).code == "not_eligible"
    assert story.when(no_show("m-2")).found == [("warned", "p-2", "no_show")]
    assert (story.rate("p-1"), story.rating("p-1"), story.access("p-1")) == ((1, 0, 0), (0, 0), "active")


@pytest.mark.parametrize(
    ("time", "code"), [("2026-03-10T09:19:59Z", "wait_too_short"), ("2026-03-10T09:20:00Z", RECORDED)]
)
def test_twenty_minutes_to_the_second(time: str, code: str) -> None:
    story = Story(*held())

    assert story.when(absent(time=time)).code == code
    assert story.rate("p-2") == (1, 0, 0)


@pytest.mark.parametrize(
    ("city", "price", "fee"),
    [
        ("lyon", {"amount": "90.00", "currency": "EUR", "per": "mission"}, 4000),
        ("geneve", {"amount": "90.00", "currency": "CHF", "per": "mission"}, 5500),  # the cap of that city, in francs
        ("geneve", {"amount": "90.00", "currency": "EUR", "per": "mission"}, 9000),  # not compared with francs
        ("tokyo", {"amount": "9000", "currency": "JPY", "per": "mission"}, 3000),  # a currency without minor units
        ("tunis", {"amount": "90.000", "currency": "TND", "per": "mission"}, 20_500),  # and one with three digits
    ],
)
def test_each_currency_has_its_own_cap(city: str, price: dict[str, str], fee: int) -> None:
    caps = {
        "geneve": {"amount": "55.00", "currency": "CHF"},
        "tokyo": {"amount": "3000", "currency": "JPY"},
        "tunis": {"amount": "20.500", "currency": "TND"},
    }
    own = {name: {"client_absent": {"fee_cap": cap}} for name, cap in caps.items()}
    story = Story(policy("2", "2026-02-01 00:00", city=own), *held(price, city), absent())

    assert story.amounts("m-1") == (fee, 0, 0)
    assert story.line("m-2") is None
