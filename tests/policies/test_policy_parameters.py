"""Rules read integers; people read the same values with their unit; what was read is remembered."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from ledger.errors import Refused
from ledger.policies.descriptions import DESCRIPTIONS, present, shown
from ledger.policies.document import from_document, from_toml
from ledger.policies.parameters import NAMES, Baseline, Parameters, parameters
from ledger.policies.shipped import preset
from ledger.policies.tracing import Traced

from .made import HEAD, documents

MILA = parameters(preset("mila-2018-06"), "paris")


def test_the_default_policy_in_integers() -> None:
    assert (MILA.cancellation_average_numerator, MILA.cancellation_average_denominator) == (1, 25)
    assert (MILA.cancellation_maximum_numerator, MILA.cancellation_maximum_denominator) == (3, 50)
    assert (MILA.rating_minimum_numerator, MILA.rating_minimum_denominator) == (21, 5)
    assert (MILA.rating_margin_numerator, MILA.rating_margin_denominator) == (1, 10)
    assert (MILA.client_absent_fee_percent_numerator, MILA.client_absent_fee_percent_denominator) == (100, 1)
    assert (MILA.billing_vat_numerator, MILA.billing_vat_denominator) == (1, 5)
    assert MILA.late_threshold_seconds == 24 * 3600
    assert MILA.late_window_seconds == 30 * 86_400
    assert MILA.late_restrict_seconds == 48 * 3600
    assert MILA.warnings_cooldown_seconds == 14 * 86_400
    assert MILA.warnings_expiry_seconds == 180 * 86_400
    assert MILA.client_absent_wait_seconds == 1200
    assert MILA.client_absent_fee_cap_minor == 4000
    assert MILA.damage_declare_within_seconds == 3 * 86_400
    assert MILA.termination_notice_seconds == 30 * 86_400
    assert MILA.grace_seconds == 0
    assert (MILA.decision_automatic, MILA.no_show_needs_confirmation, MILA.cancellation_counts_due_only) == (1, 0, 0)


def test_choices_are_codes() -> None:
    policy = from_toml(
        HEAD + 'decision = "human"\n[cancellation]\ndenominator = "accepted_and_due"\n'
        'window = { kind = "last_accepted", n = 200 }\n[no_show]\nconfirmation = "required"\n'
        '[billing]\ncloses = "noon_next_local_day"\nrounding = "half_even"',
        origin="p.toml",
    )
    read = parameters(policy, "paris")
    assert (read.cancellation_window_kind, read.cancellation_window_size) == (2, 200)
    assert (read.decision_automatic, read.no_show_needs_confirmation, read.cancellation_counts_due_only) == (0, 1, 1)
    assert (read.billing_closes, read.billing_rounding) == (2, 1)
    assert present(read, ["cancellation_window_kind", "cancellation_window_size", "billing_closes"]) == {
        "cancellation.window.kind": "last_accepted",
        "cancellation.window.n": 200,
        "billing.closes": "noon_next_local_day",
    }


@settings(max_examples=60, deadline=None)
@given(documents())
def test_parameters_are_integers_in_every_city(raw: dict[str, Any]) -> None:
    policy = from_document(raw)
    for city in ["elsewhere", *policy.city]:
        read = parameters(policy, city)
        assert all(type(value) is int for value in read.values())
        assert all(abs(value) < 2**53 for value in read.values())
        assert all(type(value) in {str, int} for value in present(read).values())
        assert all(shown(read, name).isprintable() for name in NAMES)


def test_asking_again_gives_the_same_object() -> None:
    assert parameters(preset("mila-2018-06"), "lyon") is MILA
    with pytest.raises(AttributeError):
        MILA.rating_window = 3  # type: ignore[misc]


def test_a_baseline_replaces_the_bounds_and_nothing_else() -> None:
    baseline = Baseline("paris", Fraction(1, 30), Fraction(1, 20), Fraction("4.6"), position=7, event_id="b-1")
    read = parameters(preset("mila-2018-06"), "paris", baseline)
    assert present(
        read, ["cancellation_average_numerator", "cancellation_maximum_numerator", "rating_minimum_numerator"]
    ) == {
        "cancellation.average": "1/30",
        "cancellation.maximum": "0.05",
        "rating.minimum": "4.60",
    }
    changed = {name for name in NAMES if getattr(read, name) != getattr(MILA, name)}
    assert {name.rsplit("_", 1)[0] for name in changed} == {
        "cancellation_average",
        "cancellation_maximum",
        "rating_minimum",
    }


@pytest.mark.parametrize(
    ("average", "maximum", "minimum"),
    [("0.06", "0.05", "4"), ("-0.1", "0.05", "4"), ("0.1", "1.1", "4"), ("0.1", "0.2", "5.1"), ("1e-13", "0.2", "4")],
)
def test_a_baseline_nobody_could_be_judged_by_is_refused(average: str, maximum: str, minimum: str) -> None:
    with pytest.raises(Refused) as caught:
        Baseline("paris", Fraction(average), Fraction(maximum), Fraction(minimum))
    assert caught.value.code == "invalid_event"
    assert "\n" not in caught.value.message


def test_every_parameter_is_described() -> None:
    assert tuple(DESCRIPTIONS) == NAMES
    assert all(each.path and each.unit and each.text for each in DESCRIPTIONS.values())


def test_described_paths_lead_to_the_value_in_the_policy_file() -> None:
    # given every threshold of the default policy
    document = preset("mila-2018-06").values("")
    for path, value in present(MILA).items():
        at: Any = document
        for key in path.split("."):
            at = at[key]
        # then it is spelled as in the file (a cap is printed in minor units)
        assert value == (4000 if path == "client_absent.fee_cap" else at)


def test_shown_to_a_person() -> None:
    names = [
        "cancellation_average_numerator",
        "late_threshold_seconds",
        "rating_minimum_denominator",
        "no_show_warn_at",
    ]
    assert [shown(MILA, name) for name in names] == ["4.00 %", "24 hours", "4.20 stars", "1 no-show"]
    assert shown(MILA, "client_absent_fee_percent_numerator") == "100 %"
    assert shown(MILA, "cancellation_window_size") == "everything"


def test_traced_parameters_remember_what_a_rule_read() -> None:
    def rule(read: Parameters) -> bool:
        return 1 * read.cancellation_average_denominator > read.cancellation_average_numerator + read.late_count * 0

    # given a rule that reads three values, one of them again
    traced = Traced(MILA)
    assert not traced.reads
    # when it runs with traced parameters
    assert rule(traced) == rule(MILA)
    rule(traced)
    # then they are known in the order of the first read
    assert traced.reads == ("cancellation_average_denominator", "cancellation_average_numerator", "late_count")
    assert present(MILA, traced.reads) == {"cancellation.average": "0.04", "late_cancellation.count": 3}
    assert traced.parameters is MILA


def test_traced_parameters_are_not_written_and_know_no_other_names() -> None:
    traced = Traced(MILA)
    with pytest.raises(AttributeError):
        traced.late_count = 4  # type: ignore[misc]
    with pytest.raises(AttributeError):
        traced.late_cuont  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        copy.copy(Traced.__new__(Traced)).late_count  # noqa: B018
    assert traced.reads == ()
    assert traced.values() == MILA.values()
