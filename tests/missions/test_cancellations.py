"""Cancellations: whose they are, what counts, what is late, and what comes after one."""

from __future__ import annotations

import pytest

from .kit import RECORDED, Story, accepted, both, cancelled, completed, event, no_show, rated, requested


def _moved(time: str, starts_at: str, by: str = "pro", mission: str = "m-1") -> dict[str, object]:
    return event("mission.rescheduled", mission, time, by=by, starts_at=starts_at)


@pytest.mark.parametrize(
    ("how", "rate"),
    [
        ({}, (1, 1, 0)),
        ({"reason": "sick"}, (1, 1, 0)),
        ({"excused": False}, (1, 1, 0)),
        ({"excused": True}, (1, 0, 0)),
        ({"by": "client"}, (1, 0, 0)),
        ({"by": "platform"}, (1, 0, 0)),
    ],
    ids=str,
)
def test_only_an_unexcused_cancellation_by_the_pro_counts(how: dict[str, str], rate: tuple[int, int, int]) -> None:
    story = Story(*both())

    assert story.when(cancelled("m-1", **how)).code == RECORDED

    assert story.rate("p-1") == rate
    assert story.rate("p-2") == (1, 0, 0)


def test_a_rescheduling_never_counts() -> None:
    story = Story(*both(), _moved("2026-03-05 09:00", "2026-03-20T09:00:00Z"), completed(time="2026-03-20 11:00"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))
    assert story.late("p-1") == []


@pytest.mark.parametrize(
    ("starts_at", "time", "late"),
    [
        ("2026-03-10T15:00:00Z", "2026-03-09T15:00:00Z", False),  # exactly 24 h: the bound is « less than »
        ("2026-03-10T15:00:00Z", "2026-03-09T15:00:00.000001Z", True),
        ("2026-03-10T15:00:00Z", "2026-03-10T14:59:59Z", True),
        ("2026-03-10T15:00:00Z", "2026-03-02T15:00:00Z", False),
        # Elapsed hours, not the wall clock: the night of 29 March has an hour less, that of 25 October one more.
        ("2026-03-29T15:00:00+02:00", "2026-03-28T15:00:00+01:00", True),
        ("2026-03-29T15:00:00+02:00", "2026-03-28T14:00:00+01:00", False),
        ("2026-10-25T15:00:00+01:00", "2026-10-24T15:30:00+02:00", False),
        ("2026-10-25T15:00:00+01:00", "2026-10-24T16:00:01+02:00", True),
    ],
)
def test_late_is_less_than_24_hours_before_the_start(starts_at: str, time: str, late: bool) -> None:
    story = Story(
        requested("m-1", starts_at=starts_at), requested("m-2", starts_at=starts_at), accepted(), accepted("m-2", "p-2")
    )

    story.given(cancelled("m-1", time))

    assert story.rate("p-1") == (1, 1, 0)
    assert story.late("p-1") == (["m-1"] if late else [])
    assert (story.rate("p-2"), story.late("p-2")) == ((1, 0, 0), [])


@pytest.mark.parametrize(
    ("moved_at", "by", "late"),
    [
        ("2026-03-09 10:00", "pro", True),  # inside the window: the original start counts
        ("2026-03-08 09:00", "pro", False),  # 48 h before: the new start counts
        ("2026-03-09 09:00", "pro", False),  # exactly 24 h before
        ("2026-03-09 10:00", "client", False),  # not the pro's doing
    ],
)
def test_moving_the_start_inside_the_late_window_does_not_make_a_cancellation_timely(
    moved_at: str, by: str, late: bool
) -> None:
    story = Story(*both(), _moved(moved_at, "2026-03-20T09:00:00Z", by))

    story.given(cancelled("m-1", "2026-03-11 09:00"))

    assert story.rate("p-1") == (1, 1, 0)
    assert story.late("p-1") == (["m-1"] if late else [])
    assert story.late("p-2") == []


def test_moving_the_start_outside_the_window_brings_the_new_start_close() -> None:
    story = Story(*both(), _moved("2026-03-05 09:00", "2026-03-06T09:00:00Z"), cancelled("m-1", "2026-03-05 10:00"))

    assert (story.late("p-1"), story.late("p-2")) == (["m-1"], [])


def test_what_one_pro_moved_does_not_make_the_next_pros_cancellation_late() -> None:
    """Contract, section 3: « If the mission was rescheduled by *the pro* inside that window » – the one who cancels."""
    story = Story(
        *both(),
        _moved("2026-03-09 10:00", "2026-03-20T09:00:00Z"),
        cancelled("m-1", "2026-03-11 09:00"),
        accepted("m-1", "p-2", "2026-03-11 10:00"),
        cancelled("m-1", "2026-03-12 09:00"),  # eight days before the start that p-2 agreed to
    )

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (2, 1, 0))
    assert story.late("p-1") == ["m-1"]
    assert story.late("p-2") == []


@pytest.mark.parametrize(
    ("time", "rate"),
    [("2026-03-10T08:59:59Z", (1, 1, 0)), ("2026-03-10T09:00:00Z", (1, 0, 1)), ("2026-03-10T09:40:00Z", (1, 0, 1))],
)
def test_a_cancellation_at_or_after_the_start_is_a_no_show(time: str, rate: tuple[int, int, int]) -> None:
    story = Story(*both())

    outcome = story.when(cancelled("m-1", time))

    assert story.rate("p-1") == rate
    assert outcome.found == ([("warned", "p-1", "no_show")] if rate[2] else [])
    assert story.rate("p-2") == (1, 0, 0)


def test_an_excused_cancellation_after_the_start_is_nothing() -> None:
    story = Story(*both())

    assert story.when(cancelled("m-1", "2026-03-10 09:10", excused=True)).found == []
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


def test_after_a_cancellation_another_pro_may_accept_and_do_it() -> None:
    story = Story(
        *both(),
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-2", "2026-03-06 09:00"),
        completed("m-1"),
        rated("m-1", 4),
    )

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (2, 0, 0))
    assert (story.rating("p-1"), story.rating("p-2")) == ((0, 0), (1, 4))
    line = story.line("m-1")
    assert line is not None
    assert line.pro == "p-2"


def test_the_same_pro_may_accept_again_and_the_mission_counts_once() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-05 09:00"), accepted("m-1", "p-1", "2026-03-06 09:00"))
    assert story.rate("p-1") == (1, 1, 0)

    story.given(cancelled("m-1", "2026-03-07 09:00"), accepted("m-1", "p-1", "2026-03-08 09:00"), completed("m-1"))

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 1, 0), (1, 0, 0))
    assert story.line("m-1") is not None


def test_the_worst_of_two_stints_counts_once() -> None:
    story = Story(
        *both(),
        cancelled("m-1", "2026-03-05 09:00"),
        accepted("m-1", "p-1", "2026-03-06 09:00"),
        no_show("m-1"),
    )

    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 1), (1, 0, 0))


@pytest.mark.parametrize("by", ["client", "platform"])
def test_after_the_client_or_the_platform_cancelled_the_mission_is_over(by: str) -> None:
    story = Story(*both(), cancelled("m-1", by=by))

    assert story.when(accepted("m-1", "p-2", "2026-03-06 09:00")).code == "invalid_transition"
    assert story.when(no_show("m-1")).code == "invalid_transition"
    assert (story.rate("p-1"), story.rate("p-2")) == ((1, 0, 0), (1, 0, 0))


def test_who_gave_a_mission_up_cannot_cancel_it_again() -> None:
    story = Story(*both(), cancelled("m-1", "2026-03-05 09:00"))
    before = story.trace()

    assert story.when(cancelled("m-1", "2026-03-06 09:00")).code == "invalid_transition"
    assert story.trace() == before


def test_a_cancellation_counts_in_the_city_of_the_mission() -> None:
    story = Story(requested("m-1"), requested("m-2", city="paris"), accepted("m-1"), accepted("m-2"))

    story.given(cancelled("m-2"))

    assert (story.rate("p-1", "lyon"), story.rate("p-1", "paris")) == ((1, 0, 0), (1, 1, 0))
