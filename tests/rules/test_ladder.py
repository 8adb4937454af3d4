"""The ladder: several warnings, far enough apart, before access is lost – and only beyond the bound of removal."""

from __future__ import annotations

import pytest
from missions.kit import Document, Story, event, policy, voided

from .career import agreed, called_off, day

HUMAN = policy("2", "2025-02-01 00:00", "2025-01-01 00:00", decision="human")
WARN = [("warned", "p-1", "cancellation.rate")]
PROPOSE = ("suspension_proposed", "p-1", "cancellation.rate")
SUSPEND = ("suspended", "p-1", "cancellation.rate")


def career(*before: Document) -> Story:
    """Twenty missions each; every cancellation of one of them is a breach beyond the maximum from the second on."""
    return Story(*before, *agreed("p-1", 20), *agreed("p-2", 20))


def warned_three_times(*before: Document) -> Story:
    story = career(*before)
    for number, at in enumerate((0, 14, 28)):
        assert story.when(called_off("p-1", number, day(at))).found == WARN
    return story


def test_three_warnings_then_the_next_removes() -> None:
    story = warned_three_times()
    assert story.access("p-1") == "active"

    assert story.when(called_off("p-1", 3, day(42))).found == [PROPOSE, SUSPEND]

    assert story.access("p-1") == "suspended"
    assert story.pro("p-1").proposals == []
    assert (story.access("p-2"), story.findings("p-2")) == ("active", [])


@pytest.mark.parametrize(("seconds", "found"), [(-1, []), (0, WARN), (1, WARN)])
def test_the_cooldown_is_exactly_fourteen_days(seconds: int, found: list[tuple[str, str, str]]) -> None:
    story = career()
    assert story.when(called_off("p-1", 0, day(0))).found == WARN

    assert story.when(called_off("p-1", 1, day(14, seconds=seconds))).found == found
    assert story.findings("p-2") == []


def test_the_cooldown_also_holds_back_a_removal() -> None:
    story = warned_three_times()

    assert story.when(called_off("p-1", 3, day(42, seconds=-1))).found == []
    assert story.access("p-1") == "active"
    assert story.when(called_off("p-1", 4, day(42))).found == [PROPOSE, SUSPEND]


@pytest.mark.parametrize(("seconds", "found"), [(-1, [PROPOSE, SUSPEND]), (0, WARN)])
def test_a_warning_expires_after_exactly_180_days(seconds: int, found: list[tuple[str, str, str]]) -> None:
    story = warned_three_times()

    assert story.when(called_off("p-1", 3, day(180, seconds=seconds))).found == found
    assert story.findings("p-2") == []


def test_below_the_maximum_warnings_simply_go_on() -> None:
    """Average 4 %, maximum 6 %: in breach but not beyond the maximum, nobody is removed, however many warnings."""
    story = Story(*agreed("p-1", 100), *agreed("p-2", 100))
    for number in range(4):
        assert story.when(called_off("p-1", number, day(0, seconds=number))).found == []  # up to 4.00 %
    number, total = 4, 100
    for step in range(5):
        assert story.when(called_off("p-1", number, day(14 * step + 1))).found == WARN, step
        number += 1
        grown = max(0, -(-(number + 1) * 100 // 6) - total)  # so many more that the next one stays at most 6 %
        story.given(*agreed("p-1", grown, first=total))
        total += grown
    accepted, cancelled, _ = story.rate("p-1")
    assert (cancelled + 1) * 100 <= 6 * accepted
    assert len(story.pro("p-1").warnings) == 5

    assert story.when(called_off("p-1", number, day(71))).found == WARN  # at most 6.00 %: still only a warning
    while (number + 2) * 100 <= 6 * total:
        number += 1
        story.given(called_off("p-1", number, day(72, seconds=number)))
    assert story.when(called_off("p-1", number + 1, day(85))).found == [PROPOSE, SUSPEND]
    assert story.findings("p-2") == []


def test_a_person_decides_where_the_policy_says_so() -> None:
    story = warned_three_times(HUMAN)

    assert story.when(called_off("p-1", 3, day(42))).found == [PROPOSE]
    assert story.access("p-1") == "active"

    assert story.when(called_off("p-1", 4, day(60))).found == []  # the proposal is still open: not repeated
    assert len(story.pro("p-1").proposals) == 1
    assert story.pro("p-2").proposals == []


def test_a_dismissed_proposal_may_come_again() -> None:
    story = warned_three_times(HUMAN)
    story.given(called_off("p-1", 3, day(42)))

    story.given(event("pro.suspension_dismissed", "p-1", day(43), source="desk", by="ines", reason="ill"))
    assert story.pro("p-1").proposals == []

    assert story.when(called_off("p-1", 4, day(60))).found == [PROPOSE]
    assert story.access("p-1") == "active"


def test_a_suspended_pro_is_not_warned_again() -> None:
    story = warned_three_times()
    story.given(called_off("p-1", 3, day(42)))

    for number in (4, 5, 6):
        assert story.when(called_off("p-1", number, day(42 + 20 * number))).found == []
    assert story.rate("p-1") == (20, 7, 0)


def test_after_a_reinstatement_the_ladder_starts_anew() -> None:
    story = warned_three_times()
    story.given(called_off("p-1", 3, day(42)))

    story.given(event("pro.reinstated", "p-1", day(43), source="desk", by="ines", reason="talked it over"))

    assert story.when(called_off("p-1", 4, day(44))).found == WARN
    assert story.access("p-1") == "active"


def test_a_voided_warning_is_a_step_back() -> None:
    story = warned_three_times()
    third = story.pro("p-1").warnings[-1].event
    story.given(voided({"id": third.id, "source": "mission-ledger/engine"}, day(30)))

    assert story.when(called_off("p-1", 3, day(42))).found == WARN
    assert story.access("p-1") == "active"


def test_the_policy_says_how_many_how_far_apart_and_how_long() -> None:
    terms = policy(
        "2", "2025-02-01 00:00", "2025-01-01 00:00", warnings={"max": 1, "cooldown_days": 0, "expiry_days": 10}
    )
    story = career(terms)

    assert story.when(called_off("p-1", 0, day(0))).found == WARN
    assert story.when(called_off("p-1", 1, day(10))).found == WARN  # the first has expired
    assert story.when(called_off("p-1", 2, day(10, seconds=1))).found == [PROPOSE, SUSPEND]
