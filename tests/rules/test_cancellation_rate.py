"""`cancellation.rate`: when the share of cancelled missions is a breach, and when it only looks like one."""

from __future__ import annotations

import pytest
from missions.kit import Story, accepted, baseline, cancelled, event, policy, requested

from .career import agreed, called_off, day, missed, name

WARNED = ("warned", "p-1", "cancellation.rate")


def _cancelling(accepted_missions: int, cancellations: int) -> tuple[Story, list[str]]:
    """p-1 cancels that many of them; the rules that the last cancellation broke."""
    story = Story(*agreed("p-1", accepted_missions), *agreed("p-2", accepted_missions))
    for number in range(cancellations - 1):
        story.given(called_off("p-1", number, day(number)))
    outcome = story.when(called_off("p-1", cancellations - 1, day(100)))
    return story, [each.data["rule"] for each in outcome.findings]


@pytest.mark.parametrize(
    ("accepted_missions", "cancellations", "warns"),
    [
        (50, 2, False),  # the charter's own example: 4.00 %, and the average is 4 %
        (49, 2, True),
        (74, 3, True),  # 4.054 %
        (75, 3, False),  # 4.00 % again, which no float may blur
        (19, 1, False),  # below the minimum of missions
        (20, 1, True),  # 5 %
        (1, 1, False),
        (25, 1, False),  # 4.00 %
        (24, 1, True),
    ],
)
def test_above_the_average_and_enough_missions(accepted_missions: int, cancellations: int, warns: bool) -> None:
    story, rules = _cancelling(accepted_missions, cancellations)

    assert rules == (["cancellation.rate"] if warns else [])
    assert story.rate("p-1") == (accepted_missions, cancellations, 0)
    assert story.findings("p-2") == []


def test_only_an_adverse_event_is_judged() -> None:
    """In breach since long ago, nothing is found by what is not a counted cancellation or no-show."""
    story = Story(*agreed("p-1", 19), *agreed("p-2", 19), called_off("p-1", 0, day(0)))

    more = [
        *agreed("p-1", 1, first=50),  # the twentieth mission: 5 %, in breach
        cancelled(name("p-1", 1), day(1), by="client"),
        cancelled(name("p-1", 2), day(2), excused=True),
        event("mission.rescheduled", name("p-1", 3), day(3), by="pro", starts_at=day(501)),
        event("mission.refused", name("p-2", 3), day(3), pro="p-1"),
    ]
    for document in more:
        assert story.when(document).found == []
    assert story.rate("p-1") == (20, 1, 0)

    assert story.when(called_off("p-1", 4, day(4))).found == [WARNED]
    assert story.findings("p-2") == []


def test_a_no_show_is_judged_too_and_counts_above_the_line() -> None:
    story = Story(*agreed("p-1", 19), *agreed("p-2", 20), *missed("p-1", 1)[:2])

    outcome = story.when(missed("p-1", 1)[2])

    assert outcome.found == [("warned", "p-1", "no_show"), WARNED]
    assert story.rate("p-1") == (20, 0, 1)
    assert story.findings("p-2") == []


def test_each_city_for_itself() -> None:
    story = Story(*agreed("p-1", 19), *agreed("p-1", 19, first=100, city="paris"), *agreed("p-2", 20))

    story.given(called_off("p-1", 0, day(0)), called_off("p-1", 100, day(1)))
    assert story.findings("p-1") == []  # 38 missions, but 19 in each city

    story.given(*agreed("p-1", 1, first=50, city="paris"))
    outcome = story.when(called_off("p-1", 101, day(2)))
    assert [each.data["figures"]["city"] for each in outcome.findings] == ["paris"]
    assert story.findings("p-2") == []


def test_a_mission_cancelled_twice_counts_once() -> None:
    story = Story(*agreed("p-1", 50), *agreed("p-2", 50), called_off("p-1", 0, day(0)), called_off("p-1", 1, day(1)))

    again = story.given(accepted(name("p-1", 0), "p-1", day(2))).when(called_off("p-1", 0, day(3)))

    assert (again.found, story.rate("p-1")) == ([], (50, 2, 0))


def test_the_average_is_the_citys_published_one() -> None:
    story = Story(*agreed("p-1", 50), *agreed("p-2", 50), baseline("lyon", day(-1), "0.01", "0.03"))

    assert story.when(called_off("p-1", 0, day(0))).found == [WARNED]  # 2 % > 1 %
    assert story.when(baseline("lyon", day(1), "0.02", "0.03")).code == "recorded"
    assert story.when(called_off("p-2", 0, day(2))).found == []  # 2 % is not above 2 %


@pytest.mark.parametrize(("denominator", "warns"), [("accepted", False), ("accepted_and_due", True)])
def test_missions_still_to_come_do_not_dilute_where_the_policy_says_due(denominator: str, warns: bool) -> None:
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", cancellation={"denominator": denominator})
    due = [
        document
        for number in range(20)
        for document in (
            requested(f"due-{number}", day(-40), starts_at=day(-10)),
            accepted(f"due-{number}", "p-1", day(-39)),
        )
    ]
    story = Story(terms, *due, *agreed("p-1", 100), *agreed("p-2", 100))

    outcome = story.when(called_off("p-1", 0, day(0)))

    assert outcome.found == ([WARNED] if warns else [])  # 1 of 120, or 1 of 21
    assert story.findings("p-2") == []


@pytest.mark.parametrize("window", [{"kind": "last_accepted", "n": 20}, {"kind": "days", "days": 30}], ids=str)
def test_a_window_leaves_old_missions_out(window: dict[str, object]) -> None:
    terms = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", cancellation={"window": window})
    old = agreed("p-1", 80, first=100, at=-200)
    story = Story(terms, *old, *agreed("p-1", 20), *agreed("p-2", 20))

    outcome = story.when(called_off("p-1", 0, day(0)))

    assert outcome.found == [WARNED]
    assert outcome.findings[0].data["figures"]["rate"] == "1/20"
    assert len(outcome.findings[0].data["evidence"]) == 21
