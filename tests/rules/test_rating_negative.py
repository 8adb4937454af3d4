"""`rating.negative`: bad ratings (up to two stars) from three clients among the last twenty rated missions suspend."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, accepted, completed, policy, rated, requested, voided

from .career import by_desk, day

SUSPENDED = [("suspension_proposed", "p-1", "rating.negative"), ("suspended", "p-1", "rating.negative")]
HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")


def session(pro: str, number: int, stars: int, *, at: float, client: str = "", city: str = "lyon") -> list[Document]:
    """A mission done on a day and rated three hours later, by a client of its own unless one is named."""
    mission = f"n-{pro}-{number}"
    return [
        requested(mission, day(-30), city=city, starts_at=day(at), client=client or f"client-of-{mission}"),
        accepted(mission, pro, day(-29)),
        completed(mission, day(at, seconds=7_200)),
        rated(mission, stars, day(at, seconds=10_800)),
    ]


def sessions(pro: str, stars: list[int], *, first: int = 0, **more: str) -> list[Document]:
    """One a day; the number is the day."""
    return [each for n, star in enumerate(stars, first) for each in session(pro, n, star, at=n, **more)]


def last_of(story: Story, documents: list[Document]) -> list[tuple[str, str, str]]:
    for each in documents[:-1]:
        assert story.when(each).found == []
    return story.when(documents[-1]).found


def test_three_clients_suspend() -> None:
    story = Story(*sessions("p-1", [1, 5, 2]), *sessions("p-2", [1, 5, 2]))
    *before, last = session("p-1", 3, 1, at=3)

    proposal, decision = story.given(*before).when(last).findings

    assert [(each.type, each.data["rule"]) for each in (proposal, decision)] == [
        ("pro.suspension_proposed", "rating.negative"),
        ("pro.suspended", "rating.negative"),
    ]
    assert (proposal.data["kind"], story.access("p-1"), story.access("p-2")) == ("suspension", "suspended", "active")
    assert proposal.data["figures"] == {"city": "lyon", "clients": 3, "rated": 4}
    assert story.ids(proposal.data["evidence"]) == [
        session("p-1", n, s, at=n)[3]["id"] for n, s in ((0, 1), (2, 2), (3, 1))
    ]
    assert story.findings("p-2") == []


def test_three_by_one_client_are_one() -> None:
    story = Story(*sessions("p-1", [1, 1, 1, 1], client="client-grim"), *sessions("p-2", [1, 1], client="client-grim"))
    assert story.findings("p-1") == []

    assert last_of(story, session("p-1", 4, 1, at=4)) == []  # the second client
    assert last_of(story, session("p-1", 5, 1, at=5)) == SUSPENDED
    assert story.findings("p-2") == []


@pytest.mark.parametrize(("stars", "found"), [(1, SUSPENDED), (2, SUSPENDED), (3, [])])
def test_up_to_two_stars_are_negative(stars: int, found: list[tuple[str, str, str]]) -> None:
    story = Story(*sessions("p-1", [2, 2]), *sessions("p-2", [3, 3, 3]))

    assert last_of(story, session("p-1", 2, stars, at=2)) == found
    assert story.findings("p-2") == []


def test_the_policys_stars_count_and_window() -> None:
    terms = policy(
        "2", "2025-02-01 00:00", "2025-01-01 00:00", negative_reviews={"max_stars": 3, "count": 2, "window": 3}
    )
    story = Story(terms, *sessions("p-1", [3, 5, 5]), *sessions("p-2", [3, 4, 4]))

    assert last_of(story, session("p-1", 3, 3, at=3)) == []  # the first has left the window of three
    assert last_of(story, session("p-1", 4, 3, at=4)) == SUSPENDED
    assert last_of(story, session("p-2", 3, 4, at=3)) == []


@pytest.mark.parametrize(("between", "found"), [(17, SUSPENDED), (18, [])])
def test_the_last_twenty_rated_missions(between: int, found: list[tuple[str, str, str]]) -> None:
    story = Story(*sessions("p-1", [1, 1, *[5] * between]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 100, 1, at=100)) == found
    assert story.findings("p-2") == []


def test_the_window_is_in_order_of_completion_not_of_arrival() -> None:
    """A bad rating of long ago that arrives last is the oldest of twenty-one: it is not among those looked at."""
    story = Story(*sessions("p-1", [1, 1, *[5] * 18]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 100, 1, at=-2)) == []
    assert [each.mission for each in story.pro("p-1").cities["lyon"].rated][:2] == ["n-p-1-100", "n-p-1-0"]
    assert story.findings("p-2") == []


def test_one_that_arrives_late_but_within_the_window_counts() -> None:
    story = Story(*sessions("p-1", [5, 1, 1, *[5] * 5]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 100, 1, at=0.5)) == SUSPENDED
    assert story.findings("p-2") == []


def test_the_two_windows_are_each_their_own() -> None:
    """The mean looks at three missions, this rule at twenty: a late one outside the first is inside the second."""
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", rating={"window": 3})
    story = Story(terms, *sessions("p-1", [5, 1, 1, *[5] * 5]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 100, 1, at=0.5)) == SUSPENDED
    assert story.findings("p-2") == []


@pytest.mark.parametrize("stars", [3, 4, 5])
def test_only_a_negative_rating_asks(stars: int) -> None:
    """Three bad ones come into the window by a void; what is not negative does not notice."""
    story = Story(
        policy("2", day(2.5), "2025-01-01 00:00", negative_reviews={"count": 2}),
        *sessions("p-1", [1, 1]),
        *sessions("p-2", [1, 1]),
    )

    assert last_of(story, session("p-1", 3, stars, at=3)) == []  # two would be enough since day 2.5
    assert last_of(story, session("p-1", 4, 2, at=4)) == SUSPENDED
    assert story.findings("p-2") == []


def test_a_voided_rating_is_none() -> None:
    story = Story(*sessions("p-1", [1, 1]), *sessions("p-2", [1, 1]))
    story.given(voided(session("p-1", 0, 1, at=0)[3], day(1.5)))

    assert last_of(story, session("p-1", 2, 1, at=2)) == []
    assert last_of(story, session("p-1", 3, 1, at=3)) == SUSPENDED
    assert story.findings("p-2") == []


def test_each_city_for_itself() -> None:
    story = Story(*sessions("p-1", [1, 1]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 2, 1, at=2, city="paris")) == []
    assert last_of(story, session("p-1", 3, 1, at=3)) == SUSPENDED


def test_a_person_decides_and_a_suspended_pro_is_not_suspended_again() -> None:
    story = Story(HUMAN, *sessions("p-1", [1, 1]), *sessions("p-2", [1, 1]))

    assert last_of(story, session("p-1", 2, 1, at=2)) == SUSPENDED[:1]
    assert last_of(story, session("p-1", 3, 1, at=3)) == []  # one proposal is enough
    story.given(by_desk("pro.suspended", "p-1", day(4), kind="suspension"))
    assert last_of(story, session("p-1", 5, 1, at=5)) == []
    assert (story.access("p-1"), story.access("p-2")) == ("suspended", "active")


def test_a_reinstatement_does_not_forget_the_reviews() -> None:
    """What clients wrote stays: the next bad rating suspends again as long as two others are among the last twenty."""
    story = Story(*sessions("p-1", [1, 1, 1]), *sessions("p-2", [1, 1]))
    story.given(by_desk("pro.reinstated", "p-1", day(3)))

    assert last_of(story, session("p-1", 4, 5, at=4)) == []
    assert last_of(story, session("p-1", 5, 1, at=5)) == SUSPENDED
    assert story.findings("p-2") == []
