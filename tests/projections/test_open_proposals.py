"""Proposals that wait for a person: what they rest on, since when they wait, and that a decision takes them off."""

from __future__ import annotations

from typing import Any

import pytest
from importing.ledgers import opened, verified
from missions.kit import accepted, event, no_show, policy, requested

from ledger.errors import Refused
from ledger.instants import parse_us
from ledger.store.database import Database
from projections.live import LiveLedger

BY_PEOPLE = policy("people", "2026-01-15 00:00", decision="human")


def missed(pro: str, *missions: str, day: int = 10) -> list[dict[str, Any]]:
    starts = f"2026-03-{day} 09:00"
    return [
        each
        for mission in missions
        for each in (
            requested(mission, starts_at=starts),
            accepted(mission, pro),
            no_show(mission, f"2026-03-{day} 09:30"),
        )
    ]


def record(ledger: LiveLedger, *documents: dict[str, Any]) -> None:
    for outcome in ledger.record(list(documents), live=False):
        assert outcome.status == "recorded", outcome.error


def test_what_waits_since_when_and_on_which_figures(database: Database) -> None:
    with opened(database) as ledger:
        record(
            ledger, BY_PEOPLE, *missed("p-2", "m-3", "m-4", day=12), *missed("p-1", "m-1", "m-2"), *missed("p-3", "m-5")
        )
        ledger.clock = lambda: parse_us("2026-03-22T09:29:59Z")
        first, second = ledger.proposals()["proposals"]
        assert first["pro"] == "p-1"  # recorded later, and has waited longer
        assert (first["rule"], first["kind"], first["policy"]) == ("no_show", "exclusion", "test@people")
        assert (first["time"], first["waiting_days"]) == ("2026-03-10T09:30:00Z", 11)
        assert first["figures"]["no_shows"] == len(first["evidence"]) == 2
        assert (second["pro"], second["waiting_days"]) == ("p-2", 9)
        events = {each["sequence"]: each for each in ledger.events()}
        for each in (first, second):
            assert events[each["position"]]["id"] == each["event"]
            assert events[each["position"]]["recordedtime"] == each["recorded"]
        ledger.clock = lambda: parse_us("2026-03-22T09:30:00Z")
        assert [each["waiting_days"] for each in ledger.proposals()["proposals"]] == [12, 10]
        assert verified(ledger)["first_difference"] is None


def test_one_pro_and_what_was_decided(database: Database) -> None:
    with opened(database) as ledger:
        record(ledger, BY_PEOPLE, *missed("p-1", "m-1", "m-2"), *missed("p-2", "m-3", "m-4"), *missed("p-3", "m-5"))
        assert [each["pro"] for each in ledger.proposals("p-2")["proposals"]] == ["p-2"]
        assert ledger.proposals("p-3")["proposals"] == []
        with pytest.raises(Refused) as refusal:
            ledger.proposals("p-9")
        assert refusal.value.code == "unknown_pro"
        dismissed = event("pro.suspension_dismissed", "p-2", "2026-03-15 09:00", by="ines", reason="hospital")
        record(ledger, dismissed)
        assert [each["pro"] for each in ledger.proposals()["proposals"]] == ["p-1"]
        assert ledger.proposals("p-2")["proposals"] == []
        assert verified(ledger)["first_difference"] is None
