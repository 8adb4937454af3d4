"""What waits for a person: what a proposal rests on, since when it waits, the claims, and what takes them off."""

from __future__ import annotations

from typing import Any

import pytest
from importing.ledgers import opened, record, verified
from missions.kit import accepted, event, no_show, policy, requested, voided

from ledger.errors import Refused
from ledger.instants import parse_us
from ledger.store.database import Database

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


def reported(name: str, pro: str, time: str, ground: str = "disrespect", **named: Any) -> dict[str, Any]:
    return event("pro.conduct_reported", pro, time, id=name, ground=ground, by="client-7", **named)


def test_reports_that_nobody_ruled_on(database: Database) -> None:
    """Also of grounds with a ladder, which propose nothing; of linked accounts as of one person; never who reported."""
    ruling = event("pro.conduct_confirmed", "p-1", "2026-03-12 09:00", report="r-1", by="ines")
    with opened(database) as ledger:
        ledger.clock = lambda: parse_us("2026-03-22T09:00:00Z")
        record(
            ledger,
            reported("r-1", "p-1", "2026-03-11 09:00"),
            reported("r-2", "p-1", "2026-03-10 09:00", mission="m-1"),
            reported("r-3", "p-2", "2026-03-12 09:00", "violence"),
            reported("gone", "p-2", "2026-03-12 09:00"),
            voided(reported("gone", "p-2", "2026-03-12 09:00"), "2026-03-13 09:00"),
            ruling,
        )
        first, second = ledger.proposals()["reports"]
        assert first == {
            "event": "r-2",
            "source": "app/fr",
            "pro": "p-1",
            "ground": "disrespect",
            "mission": "m-1",
            "time": "2026-03-10T09:00:00Z",
            "position": 2,
            "waiting_days": 12,
        }
        assert (second["event"], second["ground"]) == ("r-3", "violence")
        assert ledger.proposals("p-1")["reports"] == ledger.why("p-1")["reports"] == [first]

        record(ledger, event("pro.accounts_linked", "p-1", "2026-03-13 09:00", accounts=["p-9"], by="ines"))
        of_other_account = event("pro.conduct_dismissed", "p-9", "2026-03-14 09:00", report="r-2", by="ines")
        record(ledger, of_other_account, voided(ruling, "2026-03-15 09:00"))
        assert [each["event"] for each in ledger.proposals()["reports"]] == ["r-1", "r-3"]
        assert verified(ledger)["first_difference"] is None


def test_no_shows_that_are_disputed(database: Database) -> None:
    there = event("mission.checked_in", "m-1", "2026-03-10 09:00")
    with opened(database) as ledger:
        ledger.clock = lambda: parse_us("2026-03-22T09:30:00Z")
        asked, taken, missing = missed("p-1", "m-1")
        record(ledger, asked, taken, there, missing, *missed("p-2", "m-2"))
        (waiting,) = ledger.proposals()["no_shows"]
        assert (waiting["mission"], waiting["pro"], waiting["code"]) == ("m-1", "p-1", "no_show_disputed")
        assert (waiting["event"], waiting["position"], waiting["waiting_days"]) == (missing["id"], 4, 12)
        assert (ledger.proposals("p-1")["no_shows"], ledger.proposals("p-2")["no_shows"]) == ([waiting], [])

        record(ledger, event("mission.no_show_rejected", "m-1", "2026-03-11 09:00", by="ines"))
        assert ledger.proposals()["no_shows"] == []
