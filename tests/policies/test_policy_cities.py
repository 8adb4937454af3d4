"""A city changes what it names and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from ledger.errors import Refused
from ledger.policies.document import Policy, from_document, from_toml

from .made import HEAD, documents


def policy_of(text: str) -> Policy:
    return from_toml(HEAD + text, origin="p.toml")


def test_a_city_overrides_one_value() -> None:
    policy = policy_of(
        '[city.geneva.client_absent]\nfee_cap = { currency = "CHF" }\n[city.geneva.rating]\nminimum = "4.6"'
    )
    geneva = policy.for_city("geneva")
    assert geneva.client_absent.fee_cap.text == "40.00"
    assert policy.fee_cap("geneva") == (4000, "CHF")
    assert policy.fee_cap("paris") == (4000, "EUR")
    assert geneva.rating.window == policy.terms.rating.window
    assert policy.for_city("paris") is policy.terms
    assert policy.document()["city"] == {
        "geneva": {"client_absent": {"fee_cap": {"currency": "CHF"}}, "rating": {"minimum": "4.6"}}
    }


def test_a_city_may_change_who_decides() -> None:
    assert policy_of('[city.geneva]\ndecision = "human"').for_city("geneva").decision == "human"


def test_a_window_of_another_kind_replaces_the_window() -> None:
    policy = policy_of(
        '[cancellation]\nwindow = { kind = "days", days = 90 }\n'
        '[city.a.cancellation]\nwindow = { kind = "all" }\n'
        "[city.b.cancellation]\nwindow = { days = 30 }\n"
        '[city.c.cancellation]\nwindow = { kind = "last_accepted", n = 200 }\n'
    )
    assert [policy.for_city(city).cancellation.window.size for city in "abcd"] == [0, 30, 200, 90]


def test_commission_by_service_and_city() -> None:
    policy = policy_of(
        '[billing]\ncommission = "0.15"\ncommission_by_service = { cleaning = "0.18" }\n'
        '[city.geneva.billing]\ncommission = "0.1"\ncommission_by_service = { massage = "0.3" }\n'
    )
    rates = {(s, c): policy.commission_rate(s, c) for s in ("cleaning", "massage", "hair") for c in ("geneva", "paris")}
    assert rates == {
        ("cleaning", "geneva"): Fraction(18, 100),
        ("cleaning", "paris"): Fraction(18, 100),
        ("massage", "geneva"): Fraction(3, 10),
        ("massage", "paris"): Fraction(15, 100),
        ("hair", "geneva"): Fraction(1, 10),
        ("hair", "paris"): Fraction(15, 100),
    }


def test_checkin_replaces_wait_by_city() -> None:
    policy = policy_of("[city.geneva.client_absent]\ncheckin_replaces_wait = []")
    assert policy.checkin_replaces_wait("cleaning", "paris")
    assert not policy.checkin_replaces_wait("massage", "paris")
    assert not policy.checkin_replaces_wait("cleaning", "geneva")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[city.a]\nid = "x"', "city.a.id names the whole policy: a city cannot change it"),
        ('[city.a]\nversion = "x"', "city.a.version names the whole policy"),
        ("[city.a]\neffective_from = 2020-01-01T00:00:00Z", "city.a.effective_from names the whole policy"),
        ("[city.a.city.b]", "city.a.city names the whole policy"),
        ('[city."a b"]', 'city."a b" is not a city'),
        ('[city.""]', 'city."" is not a city'),
        ("city = 3", "city = 3 is not allowed: write tables [city.<name>]"),
        ("[city]\na = 3", "city.a is not allowed: write a table [city.a]"),
        ("[city.st.gallen.rating]\nwindow = 3", 'a city with a dot is written [city."st.gallen"]'),
        ('[city."st.gallen".rating]\nwindo = 3', 'city."st.gallen".rating.windo is unknown; did you mean'),
        ('[city.a.cancellation]\naverage = "0.5"', 'city.a.cancellation.average = "0.5" is above the maximum 0.06'),
        ("[city.a.rating]\nminimum = 4.2", 'city.a.rating.minimum = 4.2 is not exact: write it as a string "4.2"'),
        ("[city.a.rating]\nwindow = 0", "city.a.rating.window = 0 is not allowed: write a whole number"),
    ],
)
def test_a_fault_of_a_city_names_the_city(text: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        policy_of(text)
    assert says in caught.value.message
    assert "\n" not in caught.value.message


def test_faults_of_the_policy_and_of_its_cities_come_together() -> None:
    with pytest.raises(Refused) as caught:
        policy_of("[rating]\nwindow = 0\n[city.a.rating]\nwindow = 0")
    assert [each.split(" ")[0] for each in caught.value.details["problems"]] == [
        "rating.window",
        "city.a.rating.window",
    ]


def test_a_faulty_policy_brings_no_other_faults_of_its_cities() -> None:
    # given a city that is right over bounds that are right, beside a fault elsewhere
    with pytest.raises(Refused) as caught:
        policy_of(
            '[rating]\nwindow = 0\n[cancellation]\naverage = "0.5"\nmaximum = "0.6"\n'
            '[city.a.cancellation]\naverage = "0.55"'
        )
    assert [each.split(" ")[0] for each in caught.value.details["problems"]] == ["rating.window"]


@settings(max_examples=60, deadline=None)
@given(documents())
def test_an_override_changes_only_what_it_names(raw: dict[str, Any]) -> None:
    policy = from_document(raw)
    base = policy.values("")
    for city, override in policy.city.items():
        there = {key: _plain(policy, city, key) for key in base}
        for key in base:
            if key not in override:
                assert there[key] == base[key]
            elif isinstance(base[key], dict):
                for inner in set(base[key]) - set(override[key]):
                    assert there[key][inner] == base[key][inner]
                for inner in set(override[key]) - {"commission_by_service"}:
                    assert there[key][inner] == override[key][inner]
            else:
                assert there[key] == override[key]


def _plain(policy: Policy, city: str, key: str) -> Any:
    from ledger.policies.document import plain

    return plain(getattr(policy.for_city(city), key))
