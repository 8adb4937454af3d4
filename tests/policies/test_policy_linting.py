"""`lint` lists every fault of a file, and what is allowed but probably not meant."""

from __future__ import annotations

import pytest

from ledger.policies.linting import lint

from .made import HEAD


def findings(text: str) -> list[tuple[str, str]]:
    found = lint(HEAD + text, "p.toml")
    assert all(str(each).isprintable() and str(each).startswith("p.toml: ") for each in found)
    return [(each.severity, each.path) for each in found]


def test_a_clean_file_has_nothing_to_say() -> None:
    assert findings("") == []


def test_all_faults_are_listed_at_once() -> None:
    assert findings("[rating]\nwindow = 0\nwindo = 3\n[city.a.billing]\nvat = 0.2\n[city.b]\nid = 'x'") == [
        ("error", "rating.window"),
        ("error", "rating.windo"),
        ("error", "city.a.billing.vat"),
        ("error", "city.b.id"),
    ]


def test_text_that_is_not_toml_is_one_error() -> None:
    assert findings("[") == [("error", "")]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[city.a]", "city.a"),
        ("[city.a.rating]\nwindow = 50", "city.a"),
        ("[city.a.due_process]\npolicy_notice_days = 20", "city.a"),
        ("[city.a.city_baseline]\nmin_pros = 3", "city.a"),
        ('[billing]\ncommission = "0.1"', "billing.commission_by_service"),
        ("[rating]\nwindow = 10", "rating.min_ratings"),
        ("[city.a.rating]\nwindow = 10", "city.a.rating.min_ratings"),
        ("[negative_reviews]\nwindow = 2", "negative_reviews.count"),
        ('[cancellation]\nwindow = { kind = "last_accepted", n = 3 }', "cancellation.window"),
        ("[warnings]\ncooldown_days = 90", "warnings.expiry_days"),
        ("[due_process]\npolicy_notice_days = 14", "due_process.policy_notice_days"),
        ("[due_process]\ntermination_notice_days = 29", "due_process.termination_notice_days"),
        ("[due_process]\ncomplaint_months = 5", "due_process.complaint_months"),
    ],
)
def test_what_is_allowed_but_probably_not_meant_is_a_warning(text: str, path: str) -> None:
    assert findings(text) == [("warning", path)]


def test_a_machine_decides_after_the_directive_is_a_warning() -> None:
    found = lint(HEAD.replace("2018-06-01", "2027-01-01"), "p.toml")
    assert [each.path for each in found] == ["decision"]


def test_a_warning_that_a_city_only_shares_is_said_once() -> None:
    assert findings("[rating]\nwindow = 10\n[city.a]\ndecision = 'human'") == [("warning", "rating.min_ratings")]


def test_a_policy_that_no_event_can_hold_is_an_error() -> None:
    cities = "".join(f'[city.c{n}]\ndecision = "human"\n' for n in range(3_000))
    found = lint(HEAD + cities, "p.toml")
    assert [(each.severity, each.code) for each in found] == [("error", "payload_too_large")]
