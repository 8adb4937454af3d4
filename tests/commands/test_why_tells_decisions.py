"""What `why` tells about decisions: the notice given before, what ended them, and who kept them."""

from __future__ import annotations

from typing import Any

import pytest
from missions.kit import cancelled, no_show, voided
from missions.test_decisions import decision, suspended
from missions.test_reviews import MISSED_TWICE, ONE_WARNING, REJECTED, missions
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


RESTRICTED = suspended("restriction", "2026-04-01 09:00", until="2026-04-03T09:00:00Z")


def test_what_ran_out_was_not_ended_by_a_reinstatement_after_it(telling: Telling) -> None:
    """Of p-1 it had run out by a month; of p-2 it had a day to go."""
    other = suspended("restriction", "2026-05-04 09:00", pro="p-2", until="2026-05-06T09:00:00Z")
    suspension = suspended("suspension", "2026-05-04 10:00")
    telling.record(*TWO, RESTRICTED, other, suspension)
    back = telling.record(*(decision("reinstated", "2026-05-05 09:00", pro) for pro in ("p-1", "p-2")))
    ran_out, ended, _ = telling.json()["decisions"]
    assert (ran_out["ended_by"], ran_out["ran_out"]) == (None, "2026-04-03T09:00:00Z")
    assert (ended["ended_by"]["position"], ended["ran_out"]) == (back[0], None)
    assert "restriction by ines: read the file (ran out 2026-04-03 09:00)" in telling.page()
    assert (
        f"suspension by ines: read the file (ended 2026-05-05 09:00: reinstated by ines, #{back[0]})" in telling.page()
    )

    (cut_short, _) = telling.json("p-2")["decisions"]
    assert (cut_short["ended_by"]["position"], cut_short["ran_out"]) == (back[1], None)
    assert f"(ended 2026-05-05 09:00: reinstated by ines, #{back[1]})" in telling.page("p-2")
    telling.sound()


def test_what_ran_out_and_nobody_ended(telling: Telling) -> None:
    telling.record(*TWO, RESTRICTED, suspended("restriction", pro="p-2", until="2026-06-03T09:00:00Z"))
    telling.now = "2026-04-03T08:59:59Z"
    assert telling.json()["decisions"][0]["ran_out"] is None
    telling.now = "2026-04-03T09:00:00Z"
    assert telling.json()["decisions"][0]["ran_out"] == "2026-04-03T09:00:00Z"
    assert telling.json("p-2")["decisions"][0]["ran_out"] is None
    assert "ran out 2026-04-03 09:00" in telling.page()
    assert "ran out" not in telling.page("p-2")


@pytest.mark.parametrize("until", [None, "2020-04-03T09:00:00Z"])
def test_a_reinstatement_dated_back_ends_nothing_before_it_began(telling: Telling, until: str | None) -> None:
    """It is dated a day before what it lifts; one with an end of its own had run out when it was recorded (today)."""
    kind = "restriction" if until else "suspension"
    lifted, before = suspended(kind, "2020-04-01 09:00", until=until), suspended("exclusion", "2020-03-20 09:00")
    telling.record(lifted, before, suspended(kind, "2020-03-20 09:00", pro="p-2"))
    (position,) = telling.record(decision("reinstated", "2020-03-31 09:00"))
    told, text = telling.json()["decisions"][0], telling.page()
    assert "exclusion by ines: read the file (dated back; ended 2020-03-31 09:00: reinstated by ines" in text
    if until:
        assert (told["ended_by"], told["ran_out"]) == (None, until)
        assert "restriction by ines: read the file (ran out 2020-04-03 09:00)" in text
    else:
        assert (told["ended_by"]["dated_back"], told["ran_out"]) == (True, None)
        assert f"(ended when #{position} was recorded, " in text
        assert "reinstated by ines, dated 2020-03-31 09:00)" in text
    assert "(ended" not in telling.page("p-2")


@pytest.mark.parametrize("fell", [REJECTED, voided(no_show("m-1"), "2026-03-15 09:00")], ids=["rejected", "voided"])
def test_a_decision_that_a_person_kept_says_who_and_why(telling: Telling, fell: dict[str, Any]) -> None:
    """The engine's exclusion stays the decision in force; that it was looked at again belongs beside it."""
    other = suspended("exclusion", "2026-03-20 09:00", pro="p-2", rule="no_show")
    telling.record(*MISSED_TWICE, fell, other)
    assert "looked at it again" not in telling.page() + telling.statement()
    assert telling.json()["decision"]["kept_by"] is None

    kept = suspended("exclusion", "2026-03-21 09:00", rule="no_show", reason="m-2 was grave enough")
    (position,) = telling.record(kept)
    fact = next(each for each in telling.json()["evidence"] if each["mission"] == "m-1")
    named = f"#{fact['position']} no-show reported by the client, mission m-1"
    for text in (telling.page(), telling.statement()):
        assert "decided by the engine itself" in text
        assert (
            "ines looked at it again on 21 March 2026, 09:00 UTC and kept it, giving the reason « m-2 was grave enough"
            f" » (#{position}, event {kept['id']}). Of what it was first decided on, {named} does not count any more."
        ) in text
    assert telling.json()["decision"]["kept_by"] == {
        "event": kept["id"],
        "position": position,
        "time": "2026-03-21T09:00:00Z",
        "by": "ines",
        "reason": "m-2 was grave enough",
    }
    assert [(each["mission"], each["fallen"]) for each in telling.json()["evidence"]] == [("m-1", True), ("m-2", False)]
    assert "no-show reported by the client (no longer counts)" in telling.statement()
    assert "looked at it again" not in telling.page("p-2")
    assert telling.json("p-2")["decision"]["kept_by"] is None
    telling.sound()


def test_what_was_voided_is_shown_where_it_was_set_aside_and_nowhere_else(telling: Telling) -> None:
    cancellations = [cancelled(each) for each in ("m-1", "m-2", "m-4", "m-5")]
    telling.record(ONE_WARNING, *missions("m-1", "m-2", "m-3"), *missions("m-4", "m-5", pro="p-2"), *cancellations)
    assert "The events that count (5)" in telling.page()
    telling.record(voided(cancellations[0]))
    position = next(each["position"] for each in telling.json()["set_aside"])
    text = telling.page()
    assert "Set aside, and why 1 cancellation (m-1): " in text
    counted = text[text.index("The events that count (4)") : text.index("Set aside, and why")]
    assert "m-1 cancelled" not in counted
    assert "m-2 cancelled" in counted
    # In JSON the evidence is what made the figures, which stay as they were found.
    assert {each["position"]: each["fallen"] for each in telling.json()["evidence"]}[position] is True
    assert "The events that count (4)" in telling.page("p-2")
    assert "Set aside" not in telling.page("p-2")
