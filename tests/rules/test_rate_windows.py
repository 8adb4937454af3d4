"""What the cancellation rate is counted over: each window with each denominator, and a pro in two cities."""

from __future__ import annotations

from typing import Any

import pytest
from missions.kit import Document, Story, accepted, baseline, cancelled, completed, policy, requested

from ledger.instants import parse_us

from .career import agreed, called_off, day, name

DAYS = {"kind": "days", "days": 30}
LAST = {"kind": "last_accepted", "n": 4}


def terms(window: dict[str, Any], denominator: str, **more: Any) -> Document:
    cancellation = {"window": window, "denominator": denominator, "min_accepted": 1, **more}
    return policy("2", "2025-02-01 00:00", "2025-01-01 00:00", cancellation=cancellation)


def taken(pro: str, number: int, at: float, *, due: float) -> list[Document]:
    """A mission accepted on a day and due on a day."""
    mission = name(pro, number)
    return [requested(mission, day(-200), starts_at=day(due)), accepted(mission, pro, day(at))]


def rate(story: Story, at: float, pro: str = "p-1", *, seconds: int = 0) -> str:
    moment = parse_us(day(at, seconds=seconds))
    figures = story.pro(pro).cities["lyon"]
    parameters = story.book.chronicle.latest.parameters(moment, "lyon")
    window = figures.rate_window(parameters, moment)
    shown = figures.rate(parameters, moment)
    # What is counted and the evidence for it are two ways to the same missions.
    counted = figures.above_the_line(window)
    assert (len(window), len(counted)) == (shown.accepted, shown.cancelled + shown.no_shows)
    return str(shown.shown()["rate"])


def career() -> list[Document]:
    """Six missions, accepted on days 0, 10, … 50; the first three are due soon after, the others on day 300."""
    missions = [taken("p-1", n, 10 * n, due=10 * n + 5 if n < 3 else 300) for n in range(6)]
    return [*(each for mission in missions for each in mission), *taken("p-2", 0, 0, due=1)]


@pytest.mark.parametrize(
    ("denominator", "at", "expected"),
    [
        ("accepted", 29.99, "0/3"),
        ("accepted", 30, "0/3"),  # the one accepted exactly thirty days ago has left, that of this instant has come
        ("accepted", 50, "0/3"),
        ("accepted", 60, "0/2"),
        ("accepted", 200, "0/0"),
        ("accepted_and_due", 4.99, "0/0"),
        ("accepted_and_due", 5, "0/1"),  # due at its start, to the instant
        ("accepted_and_due", 30, "0/2"),
        ("accepted_and_due", 50, "0/0"),
    ],
)
def test_the_last_days(denominator: str, at: float, expected: str) -> None:
    story = Story(terms(DAYS, denominator), *career())

    assert rate(story, at) == expected
    assert rate(story, 1, "p-2") == "0/1"


def test_the_window_of_days_is_open_at_its_far_end() -> None:
    story = Story(terms(DAYS, "accepted"), *taken("p-1", 0, 0, due=300), *taken("p-2", 0, 0, due=300))

    assert rate(story, 30, seconds=-1) == "0/1"
    assert rate(story, 30) == "0/0"


@pytest.mark.parametrize(
    ("denominator", "at", "expected"),
    [
        ("accepted", 60, "0/4"),
        ("accepted_and_due", 26, "0/3"),  # the last four of those that are due: there are three
        ("accepted_and_due", 299, "0/3"),
        ("accepted_and_due", 300, "0/4"),  # now all six are
    ],
)
def test_the_last_accepted(denominator: str, at: float, expected: str) -> None:
    story = Story(terms(LAST, denominator), *career())

    assert rate(story, at) == expected
    assert rate(story, 1, "p-2") == "0/1"


@pytest.mark.parametrize("window", [{"kind": "all"}, DAYS, LAST], ids=str)
@pytest.mark.parametrize("denominator", ["accepted", "accepted_and_due"])
def test_a_cancelled_mission_is_in_although_it_is_not_due(window: dict[str, Any], denominator: str) -> None:
    story = Story(terms(window, denominator), *career(), cancelled(name("p-1", 5), day(52)))

    assert rate(story, 52).startswith("1/")
    assert (
        rate(story, 52)
        == {
            ("all", "accepted"): "1/6",
            ("all", "accepted_and_due"): "1/4",
            ("days", "accepted"): "1/3",
            ("days", "accepted_and_due"): "1/1",
            ("last_accepted", "accepted"): "1/4",
            ("last_accepted", "accepted_and_due"): "1/4",
        }[window["kind"], denominator]
    )
    assert rate(story, 1, "p-2") == "0/1"


@pytest.mark.parametrize("window", [DAYS, LAST], ids=str)
def test_one_that_left_the_window_is_not_above_the_line_either(window: dict[str, Any]) -> None:
    story = Story(terms(window, "accepted"), *career(), cancelled(name("p-1", 0), day(1)))

    assert rate(story, 60) in ("0/2", "0/4")
    assert rate(story, 1, "p-2") == "0/1"


def test_due_is_when_it_ended_where_that_is_earlier() -> None:
    """A client who cancels ends a mission before its start: it is due from then on."""
    story = Story(terms({"kind": "all"}, "accepted_and_due"), *career())
    assert rate(story, 60) == "0/3"

    story.given(cancelled(name("p-1", 4), day(55), by="client"))
    assert (rate(story, 54.9), rate(story, 55), rate(story, 1, "p-2")) == ("0/3", "0/4", "0/1")


def test_a_mission_moved_is_due_when_it_takes_place() -> None:
    story = Story(terms({"kind": "all"}, "accepted_and_due"), *career())
    moved = {"by": "client", "starts_at": day(100)}
    document = cancelled(name("p-1", 0), day(1)) | {"type": "mission.rescheduled", "data": moved}

    story.given(document)

    assert (rate(story, 60), rate(story, 100)) == ("0/2", "0/3")
    assert rate(story, 1, "p-2") == "0/1"


def test_a_completed_mission_stays_due_at_its_start() -> None:
    story = Story(terms({"kind": "all"}, "accepted_and_due"), *career())
    story.given(completed(name("p-1", 0), day(5, seconds=7_200)))

    assert (rate(story, 5, seconds=-1), rate(story, 5)) == ("0/0", "0/1")


@pytest.mark.parametrize("denominator", ["accepted", "accepted_and_due"])
@pytest.mark.parametrize(
    "window", [{"kind": "all"}, {"kind": "days", "days": 400}, {"kind": "last_accepted", "n": 120}]
)
def test_a_hundred_missions_to_come_dilute_only_where_the_policy_lets_them(
    window: dict[str, Any], denominator: str
) -> None:
    due = [each for n in range(20) for each in taken("p-1", 1_000 + n, -20 + n / 100, due=-5)]
    plenty = terms(window, denominator, min_accepted=20)
    story = Story(plenty, *due, *agreed("p-1", 100), *agreed("p-2", 20))

    found = story.when(cancelled(name("p-1", 0), day(0))).found

    assert found == ([] if denominator == "accepted" else [("warned", "p-1", "cancellation.rate")])
    assert story.findings("p-2") == []


# -- two cities ------------------------------------------------------------------------------------------------------


def in_two_cities(pro: str) -> list[Document]:
    return [*agreed(pro, 20), *agreed(pro, 20, first=100, city="paris")]


def test_a_pro_in_two_cities_under_each_citys_own_policy() -> None:
    own = policy(
        "2",
        "2025-02-01 00:00",
        "2025-01-01 00:00",
        city={"paris": {"cancellation": {"average": "0.10", "maximum": "0.20"}}},
    )
    story = Story(own, *in_two_cities("p-1"), *in_two_cities("p-2"))

    assert story.when(called_off("p-1", 0, day(0))).found == [("warned", "p-1", "cancellation.rate")]  # 5 % > 4 %
    assert story.when(called_off("p-1", 100, day(20))).found == []
    assert story.when(called_off("p-1", 101, day(21))).found == []  # 10 % is not above 10 %
    assert story.when(called_off("p-1", 102, day(22))).found == [("warned", "p-1", "cancellation.rate")]
    assert (story.rate("p-1"), story.rate("p-1", "paris"), story.findings("p-2")) == ((20, 1, 0), (20, 3, 0), [])


def test_a_baseline_of_one_city_moves_nothing_in_the_other() -> None:
    story = Story(*in_two_cities("p-1"), *in_two_cities("p-2"), baseline("paris", day(-1), "0.30", "0.40"))

    assert story.when(called_off("p-1", 100, day(0))).found == []  # 5 % in paris, whose average is 30 %
    assert story.when(called_off("p-1", 0, day(1))).found == [("warned", "p-1", "cancellation.rate")]
    assert story.when(called_off("p-2", 0, day(1))).found == [("warned", "p-2", "cancellation.rate")]
    assert story.when(called_off("p-2", 100, day(30))).found == []


def test_a_baseline_stands_over_the_policys_own_numbers_for_the_city() -> None:
    own = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", city={"paris": {"cancellation": {"average": "0.01"}}})
    story = Story(own, *in_two_cities("p-1"), *in_two_cities("p-2"))
    assert story.when(called_off("p-1", 100, day(0))).found == [("warned", "p-1", "cancellation.rate")]

    story.given(baseline("paris", day(1), "0.30", "0.40"))
    assert story.when(called_off("p-2", 100, day(2))).found == []


def test_each_city_has_its_own_window() -> None:
    own = policy(
        "2",
        "2025-02-01 00:00",
        "2025-01-01 00:00",
        city={"paris": {"cancellation": {"window": {"kind": "last_accepted", "n": 20}}}},
    )
    old = [*agreed("p-1", 80, first=500, at=-90), *agreed("p-1", 80, first=700, at=-90, city="paris")]
    story = Story(own, *old, *in_two_cities("p-1"), *in_two_cities("p-2"))

    assert story.when(called_off("p-1", 0, day(0))).found == []  # one of a hundred
    (warning,) = story.when(called_off("p-1", 100, day(1))).findings
    assert (warning.data["figures"]["city"], warning.data["figures"]["rate"]) == ("paris", "1/20")
    assert story.findings("p-2") == []


def test_the_ladder_is_one_over_all_cities() -> None:
    """A warning in one city is a step for the pro, not for the city."""
    story = Story(*in_two_cities("p-1"), *in_two_cities("p-2"))
    story.given(called_off("p-1", 0, day(0)))

    assert story.when(called_off("p-1", 100, day(13))).found == []  # within the cooldown
    assert story.when(called_off("p-1", 101, day(14))).found == [("warned", "p-1", "cancellation.rate")]
    assert story.findings("p-2") == []
