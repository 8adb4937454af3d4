"""An adjustment keeps the terms the line had, whatever was published or withdrawn since its last fact."""

from __future__ import annotations

from typing import Any

from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.ledgers import opened
from tests.missions.kit import Document, event, modified, policy, voided

from .closes import adjustment, close, recorded, session, sound, two_pros

CENT = {"refund": {"amount": "0.01"}}
DEARER = policy("dearer", "2025-12-15 00:00", "2026-04-05 00:00", billing={"commission": "0.25"})
"""Published after the sessions of March, in force before they were accepted."""


def line(ledger: LiveLedger, mission: str) -> tuple[int, str, str, str]:
    """(minutes, gross, commission, VAT): stored, as `billing MISSION` has it, and derived at both speeds."""
    stored = next(each for each in ledger.billing()["lines"] if each["mission"] == mission)
    assert ledger.mission_bill(mission)["line"] == stored
    return stored["minutes"], stored["gross"], stored["commission"], stored["vat"]


def as_derived(ledger: LiveLedger) -> bool:
    """Whether every line is what a fresh fold gives, and what both replays derive."""
    for order in ("recorded", "occurred"):
        answers = [ledger.replay(speed=speed, order=order) for speed in ("plain", "compiled")]
        for each in answers:
            del each["seconds"]
        assert answers[0] == answers[1]
    assert ledger.replay()["billing"]["changed"] == []
    return sound(ledger)


def both_speeds(ledger: LiveLedger, period: str) -> dict[str, Any]:
    answers = [ledger.replay_period(period, speed=speed) for speed in ("plain", "compiled")]
    for each in answers:
        del each["seconds"]
    assert answers[0] == answers[1]
    return answers[0]


def test_a_policy_published_late_changes_nothing_by_an_adjustment(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, [DEARER])
        adjusted = ledger.adjust(adjustment("m-1", **CENT)).event
        assert adjusted is not None
        assert line(ledger, "m-1") == (120, "59.99", "9.00", "1.80")
        assert line(ledger, "m-2") == (120, "80.00", "12.00", "2.40")
        bill = ledger.mission_bill("m-1")
        assert (bill["terms"]["policy"], bill["terms"]["published"]) == ("mila@2018-06", None)
        (changed,) = both_speeds(ledger, "2026-03")["changed"]
        assert (changed["mission"], changed["derived"]["rate"]) == ("m-1", "0.15")
        assert as_derived(ledger)
    with opened(database) as ledger:  # where the mission is read from the log
        ledger.adjust(adjustment("m-1", id="again", duration_minutes=60))
        assert line(ledger, "m-1") == (60, "29.99", "4.50", "0.90")
        assert as_derived(ledger)
        close(ledger, "2026-04")
        assert both_speeds(ledger, "2026-04")["same"]
    with opened(database) as ledger:
        recorded(ledger, [voided(adjusted)])
        assert line(ledger, "m-1") == (60, "30.00", "4.50", "0.90")
        assert line(ledger, "m-2") == (120, "80.00", "12.00", "2.40")
        assert as_derived(ledger)


def test_nor_does_one_that_was_withdrawn(database: Database) -> None:
    early = policy("early", "2025-12-15 00:00", "2025-12-01 00:00", billing={"commission": "0.25"})
    with opened(database) as ledger:
        recorded(ledger, [early, *two_pros(), voided(early)])
        ledger.adjust(adjustment("m-1", **CENT))
        assert line(ledger, "m-1") == (120, "59.99", "15.00", "3.00")
        assert line(ledger, "m-2") == (120, "80.00", "20.00", "4.00")
        assert sound(ledger)


def test_the_terms_are_those_known_at_the_last_fact_or_void_of_one(database: Database) -> None:
    """These touch a line as before: what is published late applies to whatever of the mission comes after it."""
    changed = modified("m-1", "2026-03-10 12:00", 150)
    with opened(database) as ledger:
        recorded(ledger, [*two_pros(), changed, DEARER, voided(changed)])
        recorded(ledger, [modified("m-2", "2026-03-12 12:00", 150)])
        assert line(ledger, "m-1") == (120, "60.00", "15.00", "3.00")
        assert line(ledger, "m-2") == (150, "100.00", "25.00", "5.00")
    again = policy("again", "2025-12-16 00:00", "2026-04-06 00:00", billing={"commission": "0.50"})
    with opened(database) as ledger:
        recorded(ledger, [again])
        for mission in ("m-1", "m-2"):
            ledger.adjust(adjustment(mission, **CENT))
        assert line(ledger, "m-1") == (120, "59.99", "15.00", "3.00")
        assert line(ledger, "m-2") == (150, "99.99", "25.00", "5.00")
        assert sound(ledger)


def test_what_may_be_given_back_is_the_fee_that_is_billed(database: Database) -> None:
    lower = policy(
        "lower", "2025-12-15 00:00", "2026-04-05 00:00", client_absent={"fee_cap": {"amount": "5", "currency": "EUR"}}
    )
    with opened(database) as ledger:
        recorded(ledger, [*absent("m-1", "p-1"), *absent("m-2", "p-2"), lower])
        ledger.adjust(adjustment("m-1", refund={"amount": "30.00"}))
        assert line(ledger, "m-1") == (120, "10.00", "0.00", "0.00")
        assert line(ledger, "m-2") == (120, "40.00", "0.00", "0.00")
        assert as_derived(ledger)


def absent(mission: str, pro: str) -> list[Document]:
    return [*session(mission, pro, "2026-03-10")[:2], event("mission.client_absent", mission, "2026-03-10 09:20")]
