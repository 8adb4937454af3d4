"""`replay` names the policies that the facts are judged by: not one taken away, nor one from after --as-of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from importing.ledgers import opened, record
from missions.kit import both, completed, no_show, policy, voided

from ledger.store.database import Database
from projections.live import LiveLedger

FIRST = policy("first", "2026-01-02 00:00", "2026-01-01 00:00")
HUMAN = policy("human", "2026-02-01 00:00", "2026-01-03 00:00", decision="human")
LATE = policy("late", "2026-03-01 00:00", "2026-03-12 00:00")  # published after it took effect


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        yield live


def named(ledger: LiveLedger, **asked: Any) -> tuple[str, list[str]]:
    answer = ledger.replay(**asked)
    return answer["policy"], answer["published"]


def test_a_version_taken_away_is_not_the_one_at_the_end(ledger: LiveLedger) -> None:
    record(ledger, FIRST, HUMAN, LATE, *both("m-1", "m-2"))
    first, human, late = (ledger.locate(each["id"])[2] for each in (FIRST, HUMAN, LATE))

    assert named(ledger) == ("test@late", ["test@first", "test@human", "test@late"])
    assert named(ledger, without=[late]) == ("test@human", ["test@first", "test@human"])
    assert named(ledger, without=[human, late], pros=["p-1"]) == ("test@first", ["test@first"])
    assert named(ledger, without=[first, human, late]) == ("mila@2018-06", [])


def test_a_void_taken_away_gives_the_version_back(ledger: LiveLedger) -> None:
    record(ledger, FIRST, HUMAN, *both("m-1", "m-2"), voided(HUMAN))

    assert named(ledger) == ("test@first", ["test@first"])
    void = ledger.locate(f"void/{HUMAN['id']}")[2]
    assert named(ledger, without=[void]) == ("test@human", ["test@first", "test@human"])
    (left_out,) = ledger.replay()["voided"]
    assert (left_out["event"], left_out["subject"]) == (HUMAN["id"], "test")


def test_as_of_a_day_no_later_version_was_published(ledger: LiveLedger) -> None:
    record(ledger, FIRST, HUMAN, LATE, *both("m-1", "m-2"))

    assert named(ledger, as_of="2026-03-11T00:00:00Z") == ("test@human", ["test@first", "test@human"])
    assert named(ledger, as_of="2026-03-13T00:00:00Z")[0] == "test@late"
    assert named(ledger, as_of="2025-12-01T00:00:00Z") == ("mila@2018-06", [])


def test_a_bill_that_moves_because_a_void_is_taken_away_names_the_void(ledger: LiveLedger) -> None:
    record(ledger, *both("m-1", "m-2"), completed("m-1"), voided(completed("m-1")))
    void = ledger.locate(f"void/{completed('m-1')['id']}")[2]

    for speed in ("plain", "compiled"):
        (bill,) = ledger.replay(without=[void], speed=speed)["billing"]["changed"]
        assert [(each["position"], each["because"]) for each in bill["why"]] == [(void, "taken_away")]


def test_a_proposal_that_follows_stands_before_its_decision(ledger: LiveLedger) -> None:
    missions = both("m-1", "m-2", pros=("p-1", "p-1"))
    record(ledger, policy("human", "2026-01-02 00:00", decision="human", no_show={"exclude_at": 3}), *missions)
    record(ledger, no_show("m-1"), no_show("m-2"))

    extra = ledger.replay(policy=ledger.policy("mila-2018-06"))["findings"]["extra"]

    assert [each["type"] for each in extra] == ["pro.suspension_proposed", "pro.suspended"]
