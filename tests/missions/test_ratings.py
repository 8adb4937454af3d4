"""Ratings: which are taken, which are kept without counting, and which are refused (`not_eligible`)."""

from __future__ import annotations

from typing import Any

import pytest

from .kit import RECORDED, Story, accepted, both, cancelled, completed, event, no_show, rated, requested


def test_a_clients_rating_counts_and_the_pros_does_not() -> None:
    story = Story(*both(), completed("m-1"), completed("m-2"), rated("m-1", 4), rated("m-1", 1, by="pro"))

    assert (story.rating("p-1"), story.rating("p-2")) == ((1, 4), (0, 0))
    assert story.anomalies() == []


@pytest.mark.parametrize("by", ["client", "pro"])
def test_one_rating_in_each_direction(by: str) -> None:
    story = Story(*both(), completed("m-1"), completed("m-2"), rated("m-1", 4, by=by), rated("m-2", 5))
    before = story.trace()

    assert story.when(rated("m-1", 1, "2026-03-11 18:00", by=by)).code == "not_eligible"
    assert story.trace() == before


@pytest.mark.parametrize("by", ["client", "pro"])
def test_without_an_acceptance_nobody_is_rated(by: str) -> None:
    story = Story(requested("m-1"), event("mission.refused", "m-1", "2026-03-02 09:00", pro="p-1"), *both("m-2"))

    assert story.when(rated("m-1", 1, by=by)).code == "not_eligible"


def test_a_rating_from_before_the_acceptance_is_refused() -> None:
    story = Story(*both(), completed("m-1"))

    assert story.when(rated("m-1", 1, "2026-03-01 08:30")).code == "not_eligible"
    assert story.rating("p-1") == (0, 0)


@pytest.mark.parametrize("by", ["client", "platform", "pro"])
def test_a_mission_cancelled_before_its_start_is_not_rated(by: str) -> None:
    story = Story(*both(), cancelled("m-1", by=by))

    assert story.when(rated("m-1", 1)).code == "not_eligible"
    assert (story.rating("p-1"), story.rating("p-2")) == ((0, 0), (0, 0))


def test_one_cancelled_by_the_client_after_the_start_is_kept_and_does_not_count() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-10 09:10", by="client"))

    assert story.when(rated("m-1", 1)).code == RECORDED
    assert story.rating("p-1") == (0, 0)
    assert story.set_aside() == [rated("m-1", 1)["id"]]


def test_after_a_no_show_the_rating_is_kept_and_does_not_count() -> None:
    """The no-show already has its consequence (domain, section 5)."""
    story = Story(*both(), no_show())

    assert story.when(rated("m-1", 1)).code == RECORDED
    assert (story.rating("p-1"), story.set_aside()) == ((0, 0), [rated("m-1", 1)["id"]])


def test_before_the_completion_is_known_it_is_kept_and_then_counts() -> None:
    story = Story(*both(), rated("m-1", 4))
    assert (story.rating("p-1"), story.anomalies()) == ((0, 0), ["rated_without_completion"])

    story.given(completed("m-1"))

    assert (story.rating("p-1"), story.rating("p-2")) == ((1, 4), (0, 0))
    assert story.anomalies() == []


def test_it_also_counts_when_the_pro_reports_the_end_after_the_rating() -> None:
    story = Story(*both(), rated("m-1", 4, "2026-03-10 11:30"))

    story.given(completed("m-1", "2026-03-10 20:00", ended_at="2026-03-10T11:00:00Z"))

    assert (story.rating("p-1"), story.anomalies()) == ((1, 4), [])


def test_a_rating_stays_with_the_pro_it_was_given_to() -> None:
    """p-1 was rated, then gave the mission up; p-2, who did it, does not inherit the stars."""
    story = Story(
        *both(),
        rated("m-1", 1, "2026-03-02 09:00"),
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-2", "2026-03-06 09:00"),
        completed("m-1"),
    )

    assert (story.rating("p-1"), story.rating("p-2")) == ((0, 0), (0, 0))


@pytest.mark.parametrize("stars", [0, 6, -1, 4.5, "5", None, True, [5]], ids=repr)
def test_stars_are_whole_and_one_to_five(stars: Any) -> None:
    story = Story(*both(), completed("m-1"))

    assert story.when(event("mission.rated", "m-1", "2026-03-10 18:00", by="client", stars=stars)).code == (
        "invalid_event"
    )
    assert story.rating("p-1") == (0, 0)


def test_the_window_is_that_of_the_city() -> None:
    story = Story(
        requested("m-1"),
        requested("m-2", city="paris"),
        accepted("m-1"),
        accepted("m-2"),
        completed("m-1"),
        completed("m-2"),
        rated("m-1", 5),
        rated("m-2", 2),
    )

    assert (story.rating("p-1", "lyon"), story.rating("p-1", "paris")) == ((1, 5), (1, 2))
