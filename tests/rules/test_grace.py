"""Grace after a change of policy: who is in breach only because of it has time to get better."""

from __future__ import annotations

import pytest
from missions.kit import Story, policy

from .career import agreed, called_off, day

OLD = policy("old", "2025-01-01 00:00", cancellation={"average": "0.10", "maximum": "0.20"})
STRICT = {"average": "0.02", "maximum": "0.04"}


def strict(grace_days: int) -> dict[str, object]:
    """In force from day 10: the average is far lower than before."""
    terms = {"grace_days": grace_days}
    return policy("strict", day(10), day(-4), cancellation=STRICT, due_process=terms)


@pytest.mark.parametrize(
    ("grace_days", "at", "warned"),
    [
        (0, day(10), True),
        (30, day(9.99), False),  # the version before is in force: 5 % is below its 10 %
        (30, day(10), False),
        (30, day(40, seconds=-1), False),
        (30, day(40), True),
    ],
)
def test_who_is_in_breach_only_since_the_change_is_not_warned_in_the_grace(
    grace_days: int, at: str, warned: bool
) -> None:
    story = Story(OLD, strict(grace_days), *agreed("p-1", 20), *agreed("p-2", 20))

    outcome = story.when(called_off("p-1", 0, at))

    assert (outcome.code, bool(outcome.findings)) == ("recorded", warned)
    assert story.findings("p-2") == []


def test_who_was_in_breach_before_is_warned_all_the_same() -> None:
    story = Story(OLD, strict(30), *agreed("p-1", 20), *agreed("p-2", 20))
    story.given(called_off("p-1", 0, day(1)), called_off("p-1", 1, day(2)))  # 10 %, not above it

    assert story.when(called_off("p-1", 2, day(11))).found == [("warned", "p-1", "cancellation.rate")]
    assert story.findings("p-2") == []
