"""The damage files as asked for: from the tables, after voids and late arrivals; `verify` is green after each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from importing.ledgers import opened, verified
from missions.kit import both, completed, requested, voided
from missions.test_damage import declared, document

from ledger.errors import Refused
from ledger.store.database import Database
from projections.live import LiveLedger


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    """A ledger; whatever a test recorded, its tables equal a fresh fold in the end."""
    with opened(database) as live:
        yield live
        assert verified(live)["first_difference"] is None


def record(ledger: LiveLedger, *documents: dict[str, Any]) -> None:
    """One commit for each, as at the desk."""
    for each in documents:
        (outcome,) = ledger.record([each], live=False)
        assert outcome.status == "recorded", outcome.error


def test_a_file_in_full(ledger: LiveLedger) -> None:
    record(ledger, *both(), completed("m-1"), completed("m-2"), document("sworn_statement"))
    record(ledger, declared("m-1", client_informed=True, estimate={"amount": "120.50", "currency": "EUR"}))
    record(ledger, declared("m-2", "2026-03-20 09:00"))
    files = ledger.damage()["files"]
    assert files[0] == {
        "mission": "m-1",
        "pro": "p-1",
        "client": "client-of-m-1",
        "city": "lyon",
        "event": declared()["id"],
        "position": 8,
        "time": "2026-03-10T12:00:00Z",
        "declarations": 1,
        "session_ended_at": "2026-03-10T11:00:00Z",
        "due_at": "2026-03-13T11:00:00Z",
        "late": False,
        "client_informed": True,
        "estimate": {"amount": "120.50", "currency": "EUR"},
        "policy": "mila@2018-06",
        "required": ["sworn_statement", "no_other_insurance"],
        "present": ["sworn_statement"],
        "missing": ["no_other_insurance"],
        "complete": False,
    }
    assert (files[1]["pro"], files[1]["late"], files[1]["estimate"]) == ("p-2", True, None)


def test_filters(ledger: LiveLedger) -> None:
    record(ledger, *both(), completed("m-1"), completed("m-2"), declared("m-1"), declared("m-2"))
    record(ledger, document("sworn_statement", "m-2"), document("no_other_insurance", "m-2"))

    def missions(**chosen: Any) -> list[str]:
        return [each["mission"] for each in ledger.damage(**chosen)["files"]]

    assert missions() == ["m-1", "m-2"]
    assert missions(incomplete=True) == ["m-1"]
    assert missions(pro="p-2") == missions(mission="m-2") == ["m-2"]
    assert missions(pro="p-2", incomplete=True) == missions(pro="p-2", mission="m-1") == []
    with pytest.raises(Refused) as refusal:
        ledger.damage(pro="p-9")
    assert refusal.value.code == "unknown_pro"
    with pytest.raises(Refused) as refusal:
        ledger.damage(mission="m-9")
    assert refusal.value.code == "unknown_mission"


def test_what_arrives_later_is_in_the_file(ledger: LiveLedger) -> None:
    """A completion, an acceptance and a reschedule that come after the declaration, each in a commit of its own."""
    record(ledger, requested("m-1"), declared("m-1", "2026-03-13 13:00"), *both("m-2", pros=("p-2",)), declared("m-2"))
    (first, _) = sorted(ledger.damage()["files"], key=lambda each: str(each["mission"]))
    assert (first["pro"], first["late"]) == (None, True)
    record(ledger, both("m-1", pros=("p-1",))[1], completed("m-1", "2026-03-10 14:00"))
    (first,) = ledger.damage(mission="m-1")["files"]
    assert (first["pro"], first["late"], first["session_ended_at"]) == ("p-1", False, "2026-03-10T14:00:00Z")


def test_a_void_takes_the_file_away_and_a_new_request_brings_it_back(ledger: LiveLedger) -> None:
    record(ledger, *both(), declared("m-1"), declared("m-2"), voided(declared("m-1")))
    assert [each["mission"] for each in ledger.damage()["files"]] == ["m-2"]
    record(ledger, voided(requested("m-2")))
    assert ledger.damage()["files"] == []
    again = {**requested("m-2"), "id": "requested-again"}
    record(ledger, again)
    assert [each["mission"] for each in ledger.damage()["files"]] == ["m-2"]
