"""What `why` tells about the numbers that a pro is measured by: where they come from, and that none is missing."""

from __future__ import annotations

from typing import Any

from missions.kit import baseline, cancelled, no_show, policy
from missions.test_decisions import HUMAN, decision
from missions.test_reviews import missions
from telling import Telling

RATES = policy("1", "2026-01-15 00:00", cancellation={"min_accepted": 1, "average": "0.10", "maximum": "0.20"})
ONE_WARNING = policy(
    "1",
    "2026-01-15 00:00",
    decision="automatic",
    cancellation={"min_accepted": 2, "average": "0.10", "maximum": "0.20"},
    warnings={"max": 1, "cooldown_days": 0},
)


def published(event_id: str, city: str, time: str) -> dict[str, Any]:
    return baseline(city, time, "0.05", "0.35") | {"id": event_id}


def test_the_baseline_is_named_wherever_its_numbers_are(telling: Telling) -> None:
    """Of two baselines of the city the one known then; the other pro's city has the policy's numbers."""
    first, second = published("bl1", "lyon", "2026-02-01 09:00"), published("bl2", "lyon", "2026-02-10 09:00")
    later = published("bl3", "lyon", "2026-05-01 09:00")
    telling.record(ONE_WARNING, first, second, *missions("m-1", "m-2"))
    telling.record(*missions("n-1", "n-2", pro="p-2", city="nice"))
    telling.record(*(cancelled(each) for each in ("m-1", "n-1", "m-2", "n-2")), later)
    named = "These bounds of lyon are those of its baseline of 10 February 2026 (#3, event bl2)."
    bounds = "the city's maximum is 35.00 %, its average 5.00 %."
    for text in (telling.page(), telling.statement()):
        assert f"{bounds} {named}" in text
        assert "bl1" not in text
        assert "bl3" not in text
    told = telling.json()
    assert told["decision"]["rule"] == "cancellation.rate"
    assert told["baseline"] == {
        "event": "bl2",
        "source": "app/fr",
        "position": 3,
        "city": "lyon",
        "time": "2026-02-10T09:00:00Z",
    }
    assert telling.json("p-2")["decision"]["rule"] == "cancellation.rate"
    assert telling.json("p-2")["baseline"] is None
    assert "baseline" not in telling.page("p-2") + telling.statement("p-2")


def test_the_baseline_of_today_is_named_where_a_pro_stands(telling: Telling) -> None:
    """The rules of late cancellations and no-shows read nothing of it, and with too few ratings none of a rating."""
    telling.record(RATES, published("bl1", "lyon", "2026-02-01 09:00"), *missions("m-1"))
    telling.record(*missions("n-1", pro="p-2", city="nice"), published("bl2", "lyon", "2026-02-10 09:00"))
    text = telling.page()
    assert text.count("These bounds of lyon are those of its baseline of 10 February 2026 (#7, event bl2).") == 1
    assert [each["rule"] for each in telling.json()["checks"] if each["baseline"]] == ["cancellation.rate"]
    assert not any(each["baseline"] for each in telling.json("p-2")["checks"])
    assert "baseline" not in telling.page("p-2")


def late(pro: str, *names: str) -> list[dict[str, Any]]:
    return [*missions(*names, pro=pro), *(cancelled(each, "2026-03-10 01:00") for each in names)]


def test_the_hours_that_make_a_cancellation_late_are_said(telling: Telling) -> None:
    telling.now = "2026-03-11T00:00:00Z"  # while the restrictions last
    shorter = policy("2", "2026-03-09 00:00", late_cancellation={"threshold_hours": 12})
    telling.record(*late("p-1", "m-1", "m-2", "m-3"))
    assert "3 missions were cancelled in lyon less than 24 hours before the start, within 30" in telling.statement()
    assert telling.json()["thresholds"]["late_cancellation.threshold_hours"] == 24

    telling.record(shorter, *late("p-2", "n-1", "n-2", "n-3"))
    assert "3 missions were cancelled in lyon less than 12 hours before the start" in telling.page("p-2")
    assert "less than 24 hours before the start" in telling.page()


def test_the_hours_of_two_policies_are_not_said_as_those_of_one(telling: Telling) -> None:
    telling.now = "2026-03-11T00:00:00Z"
    shorter = policy("2", "2026-03-09 12:00", late_cancellation={"threshold_hours": 12})
    early = [*missions("m-1"), cancelled("m-1", "2026-03-09 11:00")]
    telling.record(shorter, *early, *late("p-1", "m-2", "m-3"), *late("p-2", "n-1", "n-2", "n-3"))
    assert "less than the hours that the policy of its time gives before the start" in telling.page()
    assert "late_cancellation.threshold_hours" not in telling.json()["thresholds"]
    assert telling.json("p-2")["thresholds"]["late_cancellation.threshold_hours"] == 12


def test_a_dismissal_names_what_it_dismissed(telling: Telling) -> None:
    told = [HUMAN, *missions("m-1", "m-2"), *missions("n-1", "n-2", pro="p-2")]
    telling.record(*told, *(no_show(each) for each in ("m-1", "m-2", "n-1", "n-2")))
    (waiting,) = telling.json()["proposals"]
    telling.record(decision("suspension_dismissed", "2026-03-14 09:00"))
    (dismissal,) = telling.json()["decisions"]
    assert dismissal["dismissed"] == [waiting]
    assert f"dismissed by ines: read the file (the exclusion under no_show, #{waiting['position']})" in telling.page()
    assert telling.json("p-2")["decisions"] == []
    assert len(telling.json("p-2")["proposals"]) == 1
