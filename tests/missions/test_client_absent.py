"""The client's absence: the wait on site, the check-in that replaces it, and that it never counts against the pro."""

from __future__ import annotations

from typing import Any

import pytest

from .kit import RECORDED, Document, Story, accepted, no_show, policy, rated, requested
from .kit import event as made


def held(service: str = "repair") -> list[Document]:
    return [
        requested("m-1", service=service),
        requested("m-2", service=service),
        accepted("m-1", "p-1"),
        accepted("m-2", "p-2"),
    ]


def absent(time: str, mission: str = "m-1", **data: Any) -> Document:
    return made("mission.client_absent", mission, time, **data)


def checked_in(time: str, **data: Any) -> Document:
    return made("mission.checked_in", "m-1", time, **data)


@pytest.mark.parametrize(
    ("arrived", "time", "code"),
    [
        (None, "2026-03-10T09:19:59Z", "wait_too_short"),  # the start is 09:00
        (None, "2026-03-10T09:20:00Z", RECORDED),
        ("2026-03-10T08:30:00Z", "2026-03-10T09:19:59Z", "wait_too_short"),  # early: the wait runs from the start
        ("2026-03-10T08:30:00Z", "2026-03-10T09:20:00Z", RECORDED),
        ("2026-03-10T09:10:00Z", "2026-03-10T09:29:59Z", "wait_too_short"),  # late: from the arrival
        ("2026-03-10T09:10:00Z", "2026-03-10T09:30:00Z", RECORDED),
        (None, "2026-03-10T08:50:00Z", "wait_too_short"),
    ],
)
def test_twenty_minutes_on_site(arrived: str | None, time: str, code: str) -> None:
    story = Story(*held())
    before = story.trace()

    outcome = story.when(absent(time, **({"arrived_at": arrived} if arrived else {})))

    assert outcome.code == code
    assert (story.trace() == before) == (code != RECORDED)
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


@pytest.mark.parametrize(
    ("service", "verified", "code"),
    [
        ("cleaning", True, RECORDED),
        ("cleaning", False, "wait_too_short"),
        ("repair", True, "wait_too_short"),
    ],
)
def test_a_verified_check_in_replaces_the_wait_for_cleaning(service: str, verified: bool, code: str) -> None:
    story = Story(*held(service), checked_in("2026-03-10 09:00", verified=verified))

    assert story.when(absent("2026-03-10 09:05")).code == code
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


def test_even_with_a_check_in_nobody_is_absent_before_the_start() -> None:
    story = Story(*held("cleaning"), checked_in("2026-03-10 08:50"))

    assert story.when(absent("2026-03-10 08:59")).code == "wait_too_short"
    assert story.when(absent("2026-03-10 09:00")).code == RECORDED


def test_the_wait_runs_from_a_check_in_after_the_start() -> None:
    story = Story(*held(), checked_in("2026-03-10 09:10"))

    assert story.when(absent("2026-03-10 09:29")).code == "wait_too_short"
    assert story.when(absent("2026-03-10 09:30")).code == RECORDED


def test_the_wait_runs_from_the_start_it_was_moved_to() -> None:
    moved = made("mission.rescheduled", "m-1", "2026-03-09 09:00", by="client", starts_at="2026-03-10T10:00:00Z")
    story = Story(*held(), moved)

    assert story.when(absent("2026-03-10 10:19")).code == "wait_too_short"
    assert story.when(absent("2026-03-10 10:20")).code == RECORDED


def test_the_wait_is_the_policys_of_that_city_and_time() -> None:
    longer = policy("2", "2026-03-09 00:00", city={"lyon": {"client_absent": {"wait_minutes": 30}}})
    story = Story(longer, *held(), requested("m-3", city="paris"), accepted("m-3", "p-3"))

    assert story.when(absent("2026-03-10 09:29")).code == "wait_too_short"
    assert story.when(absent("2026-03-10 09:29")).message == (
        "the client of mission m-1 is absent from 2026-03-10T09:30:00Z on, not before: "
        "the wait on site is 30 minutes from the later of start (2026-03-10T09:00:00Z) and arrival"
    )
    assert story.when(absent("2026-03-10 09:30")).code == RECORDED
    assert story.when(absent("2026-03-10 09:20", "m-3")).code == RECORDED


def test_it_never_counts_and_its_rating_is_not_taken() -> None:
    story = Story(*held(), absent("2026-03-10 09:20"))

    assert story.when(rated("m-1", 1)).code == "not_eligible"
    assert (story.rate("p-1"), story.rating("p-1")) == ((1, 0, 0), (0, 0))
    assert (story.rate("p-2"), story.rating("p-2")) == ((1, 0, 0), (0, 0))


def test_a_rating_that_came_before_is_set_aside() -> None:
    story = Story(*held(), rated("m-1", 1, "2026-03-10 09:25"))

    story.given(absent("2026-03-10 09:20"))  # arrives late

    assert story.rating("p-1") == (0, 0)
    assert story.set_aside() == [rated("m-1", 1, "2026-03-10 09:25")["id"]]
    assert story.anomalies() == []


def test_the_clients_claim_and_the_pros_are_both_kept() -> None:
    story = Story(*held(), absent("2026-03-10 09:20"))

    outcome = story.when(no_show())

    assert (outcome.code, outcome.found, story.anomalies()) == (RECORDED, [], ["no_show_disputed"])
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
