"""`no_show`: the first missed mission warns at once, the second – on another mission – excludes."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, cancelled, event, no_show, policy, requested, voided

from .career import missed

WARN = [("warned", "p-1", "no_show")]
EXCLUDE = [("suspension_proposed", "p-1", "no_show"), ("suspended", "p-1", "no_show")]


def one_and_another(city: str = "lyon") -> Story:
    """p-1 missed a mission; another of p-1's, and one of p-2's, are still to come."""
    story = Story(
        *missed("p-1", 1),
        requested("m-1", city=city),
        accepted("m-1", "p-1"),
        requested("m-2"),
        accepted("m-2", "p-2"),
    )
    assert [each[:2] for each in story.findings("p-1")] == [("warned", "no_show")]
    return story


@pytest.mark.parametrize("city", ["lyon", "paris"])
def test_the_second_excludes_in_whatever_city(city: str) -> None:
    story = one_and_another(city)

    assert story.when(no_show("m-1", "2026-03-10 09:31")).found == EXCLUDE

    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")
    assert story.findings("p-2") == []


def test_both_on_one_day_need_no_cooldown() -> None:
    story = one_and_another()

    assert story.when(no_show("m-1", "2026-03-10 09:30")).found == EXCLUDE


def test_years_later_it_is_still_the_second() -> None:
    story = one_and_another()
    story.given(requested("m-9", "2027-03-01 08:00", starts_at="2027-03-10 09:00"))
    story.given(accepted("m-9", "p-1", "2027-03-02 09:00"))

    assert story.when(no_show("m-9", "2027-03-10 09:30")).found == EXCLUDE


def test_the_same_mission_counts_once() -> None:
    story = Story(*missed("p-1", 1), *missed("p-2", 1))

    assert story.when(no_show("missed-p-1-1", "2026-03-10 10:00", by="platform")).found == []
    taken = accepted("missed-p-1-1", "p-1", "2026-03-10 10:30")
    assert story.given(taken).when(no_show("missed-p-1-1", "2026-03-10 11:00")).found == []
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


def test_a_cancellation_after_the_start_may_be_the_second() -> None:
    story = one_and_another()

    assert story.when(cancelled("m-1", "2026-03-10 09:00")).found == EXCLUDE
    assert story.access("p-2") == "active"


def test_where_each_needs_confirmation_only_confirmed_ones_count() -> None:
    terms = policy("2", "2026-02-01 00:00", no_show={"confirmation": "required"})
    story = Story(terms, *missed("p-1", 1), *missed("p-1", 2), *missed("p-2", 1))
    assert story.findings("p-1") == []

    def confirmed(number: int, time: str) -> Document:
        return event("mission.no_show_confirmed", f"missed-p-1-{number}", time, by="ines")

    assert story.when(confirmed(1, "2026-03-11 09:00")).found == WARN
    assert story.when(confirmed(2, "2026-03-12 09:00")).found == EXCLUDE
    assert (story.access("p-2"), story.findings("p-2")) == ("active", [])


def test_the_policy_says_from_how_many() -> None:
    terms = policy("2", "2026-02-01 00:00", no_show={"warn_at": 2, "exclude_at": 3})
    story = Story(terms, *missed("p-1", 1), *missed("p-2", 1))
    assert story.findings("p-1") == []

    assert story.given(*missed("p-1", 2)[:2]).when(missed("p-1", 2)[2]).found == WARN
    assert story.given(*missed("p-1", 3)[:2]).when(missed("p-1", 3)[2]).found == EXCLUDE
    assert story.findings("p-2") == []


def test_a_suspended_pro_is_still_excluded_by_a_second_no_show() -> None:
    story = one_and_another()
    story.given(
        event("pro.suspended", "p-1", "2026-03-10 09:05", kind="suspension", source="desk", by="ines", reason="x"),
    )

    assert story.when(no_show("m-1", "2026-03-10 09:30")).found == EXCLUDE
    assert (story.access("p-1"), story.access("p-2")) == ("excluded", "active")


def test_an_excluded_pro_is_not_excluded_again() -> None:
    story = one_and_another().given(no_show("m-1", "2026-03-10 09:30"))

    assert story.given(*missed("p-1", 3)[:2]).when(missed("p-1", 3)[2]).found == []


def test_an_open_proposal_is_not_repeated() -> None:
    story = Story(policy("2", "2026-02-01 00:00", decision="human"), *missed("p-1", 1), *missed("p-1", 2))
    assert len(story.pro("p-1").proposals) == 1

    assert story.given(*missed("p-1", 3)[:2]).when(missed("p-1", 3)[2]).found == []
    assert (len(story.pro("p-1").proposals), story.access("p-1")) == (1, "active")


def test_after_a_reinstatement_confirmed_no_shows_stay() -> None:
    story = one_and_another().given(no_show("m-1", "2026-03-10 09:30"))
    story.given(event("pro.reinstated", "p-1", "2026-03-12 09:00", source="desk", by="ines", reason="strike"))
    assert story.access("p-1") == "active"

    assert story.given(*missed("p-1", 3)[:2]).when(missed("p-1", 3, "2026-03-13 09:30")[2]).found == EXCLUDE


def test_a_voided_no_show_makes_the_next_one_the_first() -> None:
    story = one_and_another()
    story.given(voided(missed("p-1", 1)[2], "2026-03-10 09:20"))
    assert story.rate("p-1") == (2, 0, 0)

    assert story.when(no_show("m-1", "2026-03-10 09:30")).found == WARN
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")
