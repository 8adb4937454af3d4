"""What `why` tells about decisions: the notice given before, what ended them, and who kept them."""

from __future__ import annotations

from typing import Any

import pytest
from missions.test_decisions import suspended
from missions.test_reviews import MISSED_TWICE, missions
from telling import Telling

TWO = (*missions("m-1"), *missions("m-2", pro="p-2"))


def terminated(**data: Any) -> dict[str, Any]:
    return suspended("termination", "2026-04-20 09:00", **data)


@pytest.mark.parametrize(
    ("exception", "ground"),
    [
        ("legal_obligation", "a legal obligation requires it (Regulation (EU) 2019/1150, article 4(4)(a))"),
        ("imperative_reason", "an imperative reason under national law (Regulation (EU) 2019/1150, article 4(4)(b))"),
        ("repeated_infringement", "the terms were infringed repeatedly (Regulation (EU) 2019/1150, article 4(4)(c))"),
    ],
)
def test_the_ground_for_giving_no_notice_is_stated(telling: Telling, exception: str, ground: str) -> None:
    """P2B regulation 2019/1150 art. 4(4); the proof is named by position, also where the event names it by id."""
    told = f"No notice was given: {ground}, proven by #1, #2."
    waived = terminated(notice_exception=exception, evidence=[TWO[0]["id"], 2])
    telling.record(*TWO, waived, suspended(pro="p-2"))
    assert told in telling.page()
    assert told in telling.statement()
    decision = telling.json()["decision"]
    assert (decision["notice_exception"], decision["notified_at"], decision["evidence"]) == (exception, None, [1, 2])
    assert [each["position"] for each in telling.json()["evidence"]] == [1, 2]

    assert "otice was" not in telling.page("p-2") + telling.statement("p-2")
    assert "\n\n\n" not in telling.lines("p-2")
    other = telling.json("p-2")["decision"]
    assert (other["notice_exception"], other["notified_at"], other["evidence"]) == (None, None, [])


def test_when_notice_was_given_is_stated(telling: Telling) -> None:
    """P2B regulation 2019/1150 art. 4(2)."""
    telling.record(*TWO, terminated(notified_at="2026-03-15T10:00:00+01:00"), suspended(pro="p-2"))
    told = "Notice was given on 15 March 2026, 09:00 UTC (Regulation (EU) 2019/1150, article 4(2))."
    assert told in telling.page()
    assert told in telling.statement()
    assert telling.json()["decision"]["notified_at"] == "2026-03-15T10:00:00+01:00"
    assert "otice was" not in telling.page("p-2") + telling.statement("p-2")


def test_the_notice_of_a_termination_beside_a_stricter_or_earlier_decision(telling: Telling) -> None:
    """An exclusion is in force first; the termination after it is told with its notice all the same."""
    shorter = terminated(notice_exception="imperative_reason", notified_at="2026-04-19T09:00:00Z", evidence=[3])
    telling.record(*MISSED_TWICE, shorter)
    assert "notice given 2026-04-19 09:00; no notice due: imperative reason" in telling.page()
    last = telling.json()["decisions"][-1]
    assert (last["notified_at"], last["notice_exception"]) == ("2026-04-19T09:00:00Z", "imperative_reason")
    assert "notice" not in telling.page("p-2")
