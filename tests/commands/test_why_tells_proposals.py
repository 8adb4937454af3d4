"""What `why` tells of proposals: which of several it is about, and what to type."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from asking import Ask
from missions.kit import cancelled, no_show, policy
from missions.test_reviews import missions
from telling import Telling

BY_PEOPLE = policy(
    "1",
    "2026-01-15 00:00",
    decision="human",
    cancellation={"min_accepted": 2, "average": "0.10", "maximum": "0.20"},
    warnings={"max": 1, "cooldown_days": 0},
)


def proposed_twice(pro: str, *, milder_last: bool) -> list[dict[str, Any]]:
    """Two no-shows propose exclusion; the cancellation rate proposes suspension, before or after that."""
    names = [f"{pro}-{number}" for number in range(1, 5)]
    told = missions(*names, pro=pro)
    cancellations = [cancelled(names[0]), cancelled(names[1], "2026-03-06 09:00")]
    missed = [no_show(each) for each in names[2:]]
    return told + (missed + cancellations if milder_last else cancellations + missed)


@pytest.mark.parametrize("milder_last", [True, False])
def test_of_two_proposals_the_strictest_is_explained_and_the_other_named(telling: Telling, milder_last: bool) -> None:
    telling.record(BY_PEOPLE, *proposed_twice("p-1", milder_last=milder_last))
    telling.record(*missions("n-1", "n-2", pro="p-2"), cancelled("n-1"), cancelled("n-2"))
    told = telling.json()
    kinds = {each["kind"]: each for each in told["proposals"]}
    assert kinds.keys() == {"exclusion", "suspension"}
    assert told["explained_proposal"] == kinds["exclusion"]
    assert (told["rule"]["id"], told["figures"]["no_shows"]) == ("no_show", 2)

    text = telling.page()
    for each in told["proposals"]:
        assert f"{each['kind']} is proposed under {each['rule']} (#{each['position']})" in text
    assert f"What follows is about the exclusion proposed under no_show (#{kinds['exclusion']['position']})" in text
    assert "2 missions were missed" in text

    assert telling.json("p-2")["explained_proposal"] == telling.json("p-2")["proposals"][0]
    assert "What follows is about" not in telling.page("p-2")
    assert "decide p-2 --suspend|--dismiss --by NAME --reason TEXT" in telling.page("p-2")


def advised(page: str) -> list[str]:
    calls = [line.split("  ")[1] for line in page.splitlines() if line.startswith("  mission-ledger decide ")]
    return [each.removeprefix("mission-ledger ") for each in calls]


@pytest.mark.parametrize("number", range(3))
def test_what_is_printed_to_be_typed_works(script: Ask, number: int, tmp_path: Any) -> None:
    import orjson

    documents = [BY_PEOPLE, *proposed_twice("p-1", milder_last=True), *proposed_twice("p-2", milder_last=False)]
    (tmp_path / "told.ndjson").write_bytes(b"\n".join(map(orjson.dumps, documents)))
    assert script("import", "told.ndjson").code == 0
    calls = advised(script("why", "p-1").out)
    assert [each.partition(" --by")[0] for each in calls] == [
        "decide p-1 --suspend --rule no_show",
        "decide p-1 --suspend --rule cancellation.rate",
        "decide p-1 --dismiss",
    ]
    assert script(*shlex.split(calls[number])).code == 0
    left = [each["rule"] for each in script("proposals", "--json").json["proposals"] if each["pro"] == "p-1"]
    assert left == [["cancellation.rate"], ["no_show"], []][number]
    assert len(script("why", "p-2", "--json").json["proposals"]) == 2
