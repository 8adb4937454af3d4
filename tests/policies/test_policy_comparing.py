"""Two policies compared: every parameter is described, and the direction is said only where it is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from ledger.policies.comparing import Difference, _leaves, _same, differences
from ledger.policies.descriptions import DESCRIPTIONS
from ledger.policies.document import Policy, from_toml
from ledger.policies.sections import Terms
from ledger.policies.shipped import preset, presets
from tests.policies.made import HEAD, documents


def policy(text: str, head: str = HEAD) -> Policy:
    return from_toml(head + text, origin="test")


def shown(found: list[Difference]) -> list[tuple[str, str | None, str, str, str | None]]:
    return [(each.path, each.city, each.a_shown, each.b_shown, each.effect) for each in found]


@pytest.mark.parametrize(
    ("section", "a", "b", "before", "after", "effect"),
    [
        ("cancellation", 'maximum = "0.06"', 'maximum = "0.05"', "6.00 %", "5.00 %", "stricter"),
        ("cancellation", "min_accepted = 20", "min_accepted = 30", "20 missions", "30 missions", "milder"),
        ("cancellation", "", 'denominator = "accepted_and_due"', "accepted", "accepted_and_due", "stricter"),
        ("cancellation", "", 'window = { kind = "days", days = 90 }', "everything", "90 days", None),
        ("late_cancellation", "", "threshold_hours = 48", "24 hours", "48 hours", "stricter"),
        ("no_show", "", 'confirmation = "required"', "none", "required", "milder"),
        ("rating", "", 'minimum = "4.35"', "4.20 stars", "4.35 stars", "stricter"),
        ("warnings", "", "cooldown_days = 7", "14 days", "7 days", "stricter"),
        ("client_absent", "", "checkin_replaces_wait = []", "cleaning", "none", "stricter"),
        ("client_absent", "", 'checkin_replaces_wait = ["massage"]', "cleaning", "massage", None),
        ("client_absent", "", 'fee_cap = { amount = "30", currency = "CHF" }', "40.00 EUR", "30.00 CHF", None),
        ("billing", "", 'closes = "noon_next_local_day"', "end_of_next_local_day", "noon_next_local_day", "stricter"),
        ("billing", "", 'commission = "0.125"', "15.00 %", "12.50 %", None),
        (
            "damage",
            "",
            'documents = ["sworn_statement"]',
            "sworn_statement, no_other_insurance",
            "sworn_statement",
            "milder",
        ),
        ("city_baseline", "", 'max_factor = "2"', "1.5", "2", "milder"),
        ("due_process", "", "grace_days = 30", "0 days", "30 days", "milder"),
        ("due_process", "", "complaint_months = 3", "6 calendar months", "3 calendar months", "stricter"),
    ],
)
def test_one_parameter(section: str, a: str, b: str, before: str, after: str, effect: str | None) -> None:
    (found,) = differences(policy(f"[{section}]\n{a}\n"), policy(f"[{section}]\n{b}\n"))
    assert (found.a_shown, found.b_shown, found.effect, found.city) == (before, after, effect, None)
    assert found.path.startswith(f"{section}.")
    assert found.text
    # the other way round it is the other way round
    (back,) = differences(policy(f"[{section}]\n{b}\n"), policy(f"[{section}]\n{a}\n"))
    assert {effect, back.effect} in ({None}, {"stricter", "milder"})


def test_the_decision_itself() -> None:
    (found,) = differences(policy('decision = "human"\n'), policy('decision = "automatic"\n'))
    assert (found.path, found.a, found.b, found.effect) == ("decision", "human", "automatic", "stricter")


def test_a_service_of_its_own_commission_or_none() -> None:
    found = differences(
        policy('[billing]\ncommission_by_service = { cleaning = "0.18" }\n'),
        policy('[billing]\ncommission_by_service = { "hair dress" = "0.1", cleaning = "0.20" }\n'),
    )
    assert shown(found) == [
        ("billing.commission_by_service.cleaning", None, "18.00 %", "20.00 %", None),
        ('billing.commission_by_service."hair dress"', None, "not listed", "10.00 %", None),
    ]
    assert [(each.a, each.b) for each in found] == [("0.18", "0.20"), (None, "0.1")]


def test_what_means_the_same_is_no_difference() -> None:
    a = policy('[cancellation]\naverage = "0.04"\n[damage]\ndocuments = ["sworn_statement", "invoice"]\n')
    b = policy('[cancellation]\naverage = "0.040"\n[damage]\ndocuments = ["invoice", "sworn_statement"]\n')
    assert a != b
    assert differences(a, b) == []


MAXIMUM = "cancellation.maximum"


def test_a_city_repeats_only_what_is_different_there_in_another_way() -> None:
    a = policy('[city.lyon.cancellation]\nmaximum = "0.05"\n[city.paris.warnings]\nmax = 5\n')
    b = policy('[cancellation]\nmaximum = "0.05"\n[city.lyon.cancellation]\nmaximum = "0.05"\n')
    assert shown(differences(a, b)) == [
        (MAXIMUM, None, "6.00 %", "5.00 %", "stricter"),
        ("warnings.max", "paris", "5 warnings", "3 warnings", "stricter"),
    ]
    assert differences(a, b)[0].not_in == ("lyon",)  # 5 % before and after
    assert shown(differences(a, b, "lyon")) == []
    assert shown(differences(a, b, "paris")) == [
        (MAXIMUM, "paris", "6.00 %", "5.00 %", "stricter"),
        ("warnings.max", "paris", "5 warnings", "3 warnings", "stricter"),
    ]
    assert shown(differences(a, b, "geneve")) == [(MAXIMUM, "geneve", "6.00 %", "5.00 %", "stricter")]
    # a city that goes the other way
    c = policy('[cancellation]\nmaximum = "0.05"\n[city.lyon.cancellation]\nmaximum = "0.07"\n')
    assert shown(differences(a, c))[1] == (MAXIMUM, "lyon", "5.00 %", "7.00 %", "milder")


@pytest.mark.parametrize("name", presets())
def test_a_preset_does_not_differ_from_itself(name: str) -> None:
    assert differences(preset(name), preset(name)) == []


@given(documents(), documents())
def test_every_difference_is_told_in_one_line_and_backwards_it_is_the_same_with_the_sides_changed(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    a, b = _policy(first), _policy(second)
    there, back = differences(a, b), differences(b, a)
    assert {(each.path, each.city, each.a_shown, each.b_shown) for each in there} == {
        (each.path, each.city, each.b_shown, each.a_shown) for each in back
    }
    assert all(each.text and each.text.isprintable() for each in there)
    # and nothing is overlooked
    places = ("", *a.city, *b.city)
    values = [(dict(_leaves(a.for_city(city))), dict(_leaves(b.for_city(city)))) for city in places]
    changed = {
        (city, path)
        for city, (before, after) in zip(places, values, strict=True)
        for path in before.keys() | after.keys()
        if not _same(before.get(path), after.get(path))
    }
    assert {path for _, path in changed} == {each.path for each in there}
    assert {path for city, path in changed if not city} == {each.path for each in there if each.city is None}


def _policy(document: dict[str, Any]) -> Policy:
    from ledger.policies.document import from_document

    return from_document(document)


def test_every_parameter_of_a_policy_can_be_told() -> None:
    """A parameter added to a section is described before it is released."""
    from ledger.policies.comparing import _NAMES, TEXTS

    paths = {".".join(path.split(".")[:2]) for path, _ in _leaves(Terms())}
    assert paths == set(TEXTS) | (set(_NAMES) - {"cancellation.window.kind"})
    assert set(TEXTS).isdisjoint(set(_NAMES))
    assert all(read.text for read in DESCRIPTIONS.values())
