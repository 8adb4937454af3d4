"""Which version and which baseline are in force, at any instant, whatever was published and voided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Misused
from ledger.instants import DAY, to_us
from ledger.policies.document import Policy, from_document
from ledger.policies.parameters import Baseline
from ledger.policies.register import Register, notice_refusal
from ledger.policies.shipped import preset

START = datetime(2026, 1, 1, tzinfo=UTC)


def version(name: str, day: int, **rest: object) -> Policy:
    at = (START + timedelta(days=day)).isoformat()
    return from_document({"id": "p", "version": name, "effective_from": at, **rest})


def on(day: int) -> int:
    return to_us(START) + day * DAY


def baseline(average: str, event_id: str, city: str = "paris") -> Baseline:
    return Baseline(city, Fraction(average), Fraction("0.5"), Fraction("4"), event_id=event_id)


def test_with_nothing_published_the_preset_applies_at_any_time() -> None:
    register = Register.empty()
    for at in (-(10**18), 0, on(0), 10**18):
        assert register.in_force(at) == preset("mila-2018-06")
        assert register.publication_in_force(at) is None
    assert register.baseline("paris") is None
    assert register.parameters(0, "paris").late_count == 3


def test_an_assumed_version_takes_the_place_of_those_published_for_later() -> None:
    assumed = Register(assumed=(on(15), version("b", 99)))
    # also of one that has its own name, and of one that was recorded after it was assumed
    register = assumed.with_policy(version("a", 10), 1, "e-1").with_policy(version("b", 20), 2, "e-2")
    register = register.with_baseline(baseline("0.1", "e-3"), on(1), 3)

    assert [register.in_force(at).version for at in (on(10) - 1, on(10), on(15) - 1)] == ["2018-06", "a", "a"]
    assert [register.in_force(at) for at in (on(15), on(20), on(99))] == [version("b", 99)] * 3
    assert register.baseline("paris") is not None


def test_a_version_is_in_force_from_its_instant_on() -> None:
    # given versions recorded in another order than they take effect
    register = (
        Register.empty().with_policy(version("b", 20), 1, "e-1").with_policy(version("a", 10), 2, "e-2", forced=True)
    )
    # then each is in force from its own instant, to the microsecond
    assert [register.in_force(at).version for at in (on(10) - 1, on(10), on(20) - 1, on(20))] == [
        "2018-06",
        "a",
        "a",
        "b",
    ]
    found = register.publication_in_force(on(10))
    assert found is not None
    assert (found.event_id, found.forced, found.position) == ("e-2", True, 2)
    assert [each.event_id for each in register] == ["e-2", "e-1"]


def test_of_two_with_the_same_instant_the_later_recorded_applies() -> None:
    register = Register.empty().with_policy(version("new", 10), 9, "e-9").with_policy(version("old", 10), 3, "e-3")
    assert register.in_force(on(11)).version == "new"


def test_a_voided_version_gives_way_to_the_one_before() -> None:
    both = Register.empty().with_policy(version("a", 10), 1, "e-1").with_policy(version("b", 20), 2, "e-2")
    assert both.without("e-2").in_force(on(30)).version == "a"
    assert both.without("e-2").without("e-1").in_force(on(30)).version == "2018-06"
    assert both.in_force(on(30)).version == "b"  # the register asked before is unchanged
    assert both.without("unknown") == both


def test_the_latest_recorded_baseline_counts_until_it_is_voided() -> None:
    register = (
        Register.empty()
        .with_baseline(baseline("0.1", "b-1"), on(5), 10)
        .with_baseline(baseline("0.2", "b-2"), on(3), 11)
        .with_baseline(baseline("0.3", "b-3", "lyon"), on(3), 12)
    )
    assert register.baseline("paris") == baseline("0.2", "b-2")
    assert register.parameters(on(0), "paris").cancellation_average_denominator == 5
    assert register.parameters(on(0), "rome").cancellation_average_denominator == 25
    without = register.without("b-2")
    assert without.baseline("paris") == baseline("0.1", "b-1")
    assert without.parameters(on(0), "paris").cancellation_average_denominator == 10
    assert without.without("b-1").baseline("paris") is None
    assert without.baseline("lyon") == baseline("0.3", "b-3", "lyon")


def test_parameters_combine_version_city_and_baseline() -> None:
    policy = version("a", 10, city={"paris": {"late_cancellation": {"count": 7}}})
    register = Register.empty().with_policy(policy, 1, "e-1").with_baseline(baseline("0.1", "b-1"), on(0), 2)
    before, after = register.parameters(on(9), "paris"), register.parameters(on(10), "paris")
    assert (before.late_count, after.late_count) == (3, 7)
    assert before.cancellation_average_denominator == after.cancellation_average_denominator == 10
    assert register.parameters(on(11), "paris") is after


def test_a_version_is_found_by_its_name() -> None:
    register = (
        Register.empty()
        .with_policy(version("a", 10), 1, "e-1")
        .with_policy(version("a", 10, decision="human"), 2, "e-2")
    )
    assert register.named("p@a").terms.decision == "human"
    assert register.named("mila@2018-06") == preset("mila-2018-06")
    assert register.named("eu-2026") == preset("eu-2026")
    with pytest.raises(Misused) as caught:
        register.named("p@b")
    assert "p@a" in caught.value.message
    assert "\n" not in caught.value.message


def test_notice_of_a_change_is_fifteen_days_to_the_microsecond() -> None:
    policy = version("a", 15)
    assert notice_refusal(policy, START) is None
    refused = notice_refusal(policy, START + timedelta(microseconds=1))
    assert refused is not None
    assert refused.code == "notice_too_short"
    assert "\n" not in refused.message
    assert refused.details["earliest"] == "2026-01-16T00:00:00.000001Z"
    shorter = version("a", 5, due_process={"policy_notice_days": 5})
    assert notice_refusal(shorter, START) is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=8), st.randoms())
def test_the_order_of_telling_does_not_matter(days: list[int], random: object) -> None:
    # given versions recorded at positions 1, 2, 3 … with any effective days
    told = [(version(f"v{position}", day), position) for position, day in enumerate(days, start=1)]
    shuffled = told.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    register = Register.empty()
    for policy, position in shuffled:
        register = register.with_policy(policy, position, f"e-{position}")
    # then the one in force is what the sentence of the contract says, searched naively
    for day in range(-1, 8):
        known = [
            (policy.effective_from_us, position, policy)
            for policy, position in told
            if policy.effective_from_us <= on(day)
        ]
        expected = max(known, key=lambda each: each[:2])[2] if known else preset("mila-2018-06")
        assert register.in_force(on(day)) == expected


def test_since_when_the_version_in_force_is() -> None:
    """Also of an assumed version, which was never recorded: a grace after a change is counted from there."""
    register = Register.empty().with_policy(version("a", 10), 1, "e-1").with_policy(version("b", 20), 2, "e-2")
    assumed = Register(register.publications, assumed=(on(15), version("c", 99)))

    assert [register.since(each) for each in (on(10) - 1, on(10), on(20) - 1, on(20))] == [None, on(10), on(10), on(20)]
    assert [assumed.since(each) for each in (on(9), on(14), on(15), on(99))] == [None, on(10), on(15), on(15)]
