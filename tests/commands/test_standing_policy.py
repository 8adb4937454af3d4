"""`standing PRO` says by which policy it counts, and which one is in force."""

from __future__ import annotations

from typing import Any

import pytest
from asking import AnsweringLedger, Ask
from missions.kit import policy
from missions.test_reviews import missions
from telling import Telling


@pytest.mark.parametrize(
    ("pro", "counted_by", "said"),
    [
        ("p-1", "test@1", "counted by test@1, the policy of the latest event; in force now is test@2"),
        ("p-2", "test@2", "policy test@2"),
    ],
)
def test_the_policy_of_the_latest_event_is_not_taken_for_the_one_in_force(
    telling: Telling, ask: Ask, answering: AnsweringLedger, pro: str, counted_by: str, said: str
) -> None:
    told: list[dict[str, Any]] = [policy("1", "2026-01-15 00:00"), *missions("m-1"), policy("2", "2026-03-10 00:00")]
    late = [*missions("m-2", pro="p-2"), *missions("m-3", pro="p-2")]
    late[-1] |= {"time": "2026-03-10T00:00:00Z"}
    telling.record(*told, *late)
    standing = telling.ledger.standing(pro)
    assert (standing["policy"], standing["policy_in_force"]) == (counted_by, "test@2")
    answering.answers["standing"] = standing
    line = ask("standing", pro).out.splitlines()[1]
    assert line.endswith(f"; up to #{standing['position']}, {said}")
