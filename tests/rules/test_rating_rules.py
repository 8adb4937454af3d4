"""`rating.minimum` and `rating.approaching`: the mean of the last rated missions against the city's minimum (4.20)."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, completed, policy, rated, requested

from ledger.rulebook import RULE

from .career import day, fives_and_fours, given_stars

NOTHING: list[tuple[str, str, str]] = []
APPROACHING = [("warned", "p-1", "rating.approaching")]
MINIMUM = [("warned", "p-1", "rating.minimum")]
REMOVED = [("suspension_proposed", "p-1", "rating.minimum"), ("suspended", "p-1", "rating.minimum")]
SMALL = policy(
    "2",
    "2025-02-01 00:00",
    "2025-01-01 00:00",
    rating={"window": 5, "min_ratings": 3},
    warnings={"max": 2, "cooldown_days": 0},
)


def next_rating(story: Story, pro: str, stars: int, number: int, at: float) -> list[tuple[str, str, str]]:
    *before, last = given_stars(pro, [stars], first=number, at=at)
    return story.given(*before).when(last).found


@pytest.mark.parametrize(
    ("before", "last", "found", "rating"),
    [
        (80, 4, APPROACHING, (20, 84)),  # 84/20 = 4.20 exactly: equal is fine – and close
        (80, 3, MINIMUM, (20, 83)),
        (81, 4, APPROACHING, (20, 85)),
        (82, 4, NOTHING, (20, 86)),  # 4.30 = minimum + margin: no longer close
        (84, 2, NOTHING, (20, 86)),
        (84, 1, APPROACHING, (20, 85)),
        (76, 1, MINIMUM, (20, 77)),
    ],
)
def test_the_bounds_are_exact(
    before: int, last: int, found: list[tuple[str, str, str]], rating: tuple[int, int]
) -> None:
    story = Story(*given_stars("p-1", fives_and_fours(19, before)), *given_stars("p-2", [4] * 20))
    assert story.findings("p-1") == []

    assert next_rating(story, "p-1", last, 19, 30) == found

    assert story.rating("p-1") == rating
    assert (story.rating("p-2"), story.findings("p-2")) == ((20, 80), [])


def test_only_a_rating_below_the_mean_asks_and_the_rule_says_so() -> None:
    """p-1 is below 4.20 all along and rated alike; p-2 as well, until one rating is worse than its mean."""
    story = Story(*given_stars("p-1", [4] * 25), *given_stars("p-2", [4] * 20))
    assert (story.findings("p-1"), story.findings("p-2")) == ([], [])

    assert next_rating(story, "p-2", 3, 20, 30) == [("warned", "p-2", "rating.minimum")]
    assert next_rating(story, "p-1", 5, 25, 30) == NOTHING
    for rule in ("rating.minimum", "rating.approaching"):
        assert any("below the mean before it asks" in each for each in RULE[rule].decided)


def test_too_few_ratings_are_no_breach() -> None:
    patient = policy("patient", "2025-01-01 00:00", negative_reviews={"count": 100})
    story = Story(patient, *given_stars("p-1", [5, *[1] * 18]), *given_stars("p-2", [5] * 5))

    assert (story.rating("p-1"), story.findings("p-1")) == ((19, 23), [])
    assert next_rating(story, "p-1", 1, 19, 30) == MINIMUM
    assert story.findings("p-2") == []


def test_a_rating_equal_to_the_mean_before_it_is_not_adverse() -> None:
    """All fours: the mean is 4.00, below the minimum from the twentieth on, and no four makes it worse."""
    story = Story(*given_stars("p-1", [4] * 30), *given_stars("p-2", [4] * 30))
    assert story.findings("p-1") == []

    assert next_rating(story, "p-1", 4, 30, 40) == NOTHING
    assert next_rating(story, "p-1", 5, 31, 41) == NOTHING
    assert next_rating(story, "p-1", 4, 32, 42) == MINIMUM  # below 125/31 + …: the five has lifted the mean
    assert story.findings("p-2") == []


def test_the_last_fifty_count_and_the_fifty_first_leaves() -> None:
    story = Story(*given_stars("p-1", [1, *[5] * 50]), *given_stars("p-2", [5] * 3))

    assert story.rating("p-1") == (50, 250)
    assert story.rating("p-2") == (3, 15)


def test_the_window_is_in_order_of_completion_not_of_arrival() -> None:
    """A one of January that arrives in March is the oldest of six: it never gets into a window of five."""
    old = given_stars("p-1", [1], first=90, at=-20)
    story = Story(SMALL, *given_stars("p-1", [5, 5, 5, 5, 5]), *given_stars("p-2", [5, 5]))

    for document in old:
        assert story.when(document).found == NOTHING
    assert (story.rating("p-1", window=5), story.rating("p-2", window=5)) == ((5, 25), (2, 10))


def test_one_completed_within_the_window_pushes_the_oldest_out() -> None:
    story = Story(SMALL, *given_stars("p-1", [1, 5, 5, 5, 5, 5]), *given_stars("p-2", [5]))
    *before, last = given_stars("p-1", [2], first=90, at=2.5)

    outcome = story.given(*before).when(last)

    assert story.rating("p-1", window=5) == (5, 22)  # 2.5: the 2 between the third and the fourth
    assert outcome.findings == []  # 4.40
    assert story.rating("p-2") == (1, 5)


def test_the_order_is_by_the_sessions_end_even_where_rated_in_another_order() -> None:
    def session(number: int, stars: int, rated_on: float) -> list[Document]:
        mission = f"s-{number}"
        return [
            requested(mission, day(-30), starts_at=day(number)),
            accepted(mission, "p-1", day(-29)),
            completed(mission, day(number, seconds=7_200)),
            rated(mission, stars, day(rated_on)),
        ]

    story = Story(SMALL, *(each for n in range(5) for each in session(n, 5, 60 - n)), *session(5, 1, 10))

    assert [each.mission for each in story.pro("p-1").cities["lyon"].rated] == [f"s-{n}" for n in range(6)]
    assert story.rating("p-1", window=5) == (5, 21)


def test_approaching_and_minimum_share_one_ladder() -> None:
    """Two warnings of the ladder, one of each rule, and the next breach of the minimum removes."""
    story = Story(SMALL, *given_stars("p-1", [5, 5, 4, 4]), *given_stars("p-2", [5, 5, 4, 4]))
    assert story.findings("p-1") == []

    assert next_rating(story, "p-1", 3, 4, 10) == APPROACHING  # 21/5 = 4.20
    assert next_rating(story, "p-1", 3, 5, 11) == MINIMUM  # 19/5
    assert {each.ladder for each in story.pro("p-1").warnings} == {"rating"}
    assert next_rating(story, "p-1", 3, 6, 12) == REMOVED
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "active")
    assert story.findings("p-2") == []


def test_approaching_never_removes() -> None:
    story = Story(SMALL, *given_stars("p-1", [5, 5, 4, 4, 3]), *given_stars("p-2", [5]))
    assert len(story.pro("p-1").warnings) == 1

    for number in range(5, 20, 5):  # 5, 5, 4, 4, 3 again and again: 4.20 at each 3
        for offset, stars in enumerate((5, 5, 4, 4, 3)):
            next_rating(story, "p-1", stars, number + offset, 10 + number + offset)
    assert {each.rule for each in story.pro("p-1").warnings} == {"rating.approaching"}
    assert len(story.pro("p-1").warnings) >= 4
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


def test_the_shared_cooldown() -> None:
    story = Story(*given_stars("p-1", fives_and_fours(19, 80)), *given_stars("p-2", [5]))

    assert next_rating(story, "p-1", 4, 19, 30) == APPROACHING
    assert next_rating(story, "p-1", 1, 20, 43.9) == NOTHING
    assert next_rating(story, "p-1", 1, 21, 44) == MINIMUM  # fourteen days later
    assert story.findings("p-2") == []


def test_each_citys_ratings_for_themselves() -> None:
    in_paris = given_stars("p-1", [5, 5, 5], city="paris")
    story = Story(SMALL, *in_paris, *given_stars("p-1", [5, 1], first=50), *given_stars("p-2", [5]))

    assert story.findings("p-1") == []
    assert next_rating(story, "p-1", 1, 60, 20) == MINIMUM
    assert (story.rating("p-1", "paris"), story.rating("p-1")) == ((3, 15), (3, 7))
    assert story.findings("p-2") == []
