"""`billing MISSION`: every step with its inputs, and each input with the event that gave it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import Refused
from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.ledgers import opened
from tests.missions.kit import Document, cancelled, completed, event, modified, policy, requested, voided

from .closes import SWISS, adjustment, close, recorded, session, two_pros

IRONING = {"label": "ironing", "price": {"amount": "15.00", "currency": "EUR"}}
PER_HOUR = {"amount": "29.90", "currency": "EUR", "per": "hour"}


def step(bill: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [each for each in bill["calculation"] if each["step"] == name]
    return dict(found)


def told(ledger: LiveLedger, documents: list[Document], mission: str = "m-1") -> dict[str, Any]:
    """The bill of a mission after these events; its result is the line of the ledger."""
    recorded(ledger, documents)
    bill = ledger.mission_bill(mission)
    lines = {each["mission"]: each for each in ledger.billing()["lines"]}
    assert bill["line"] == lines.get(mission)
    if bill["line"]:
        for name in ("gross", "commission", "vat", "net"):
            assert step(bill, name)["result"] == bill["line"][name]
    return bill


def test_from_the_request_to_the_cent(database: Database) -> None:
    with opened(database) as ledger:
        bill = told(
            ledger,
            [
                *session("m-1", "p-1", "2026-03-10", service="cleaning", price=PER_HOUR),
                *session("m-2", "p-2", "2026-03-10", **SWISS),
                modified("m-1", "2026-03-10 12:00", 125, reason="longer"),
                modified("m-1", "2026-03-10 13:00", 125, reason="service_added", added=[IRONING]),
            ],
        )
        assert (bill["pro"], bill["client"], bill["currency"]) == ("p-1", "client-of-m-1", "EUR")
        assert [(each["position"], each["minutes_before"], each["minutes_after"]) for each in bill["facts"]] == [
            (1, 0, 120),
            (2, 120, 120),
            (3, 120, 120),
            (7, 120, 125),
            (8, 125, 125),
        ]
        priced = step(bill, "session")
        assert (priced["price"], priced["per"], priced["minutes"]) == ("29.90", "hour", 125)
        assert (priced["fraction"], priced["exact"], priced["result"]) == ("373750/6000", "62.291666…", "62.29")
        assert (priced["from"]["position"], priced["minutes_from"]["position"]) == (1, 8)
        assert step(bill, "added_services")["items"] == [{"label": "ironing", "amount": "15.00"}]
        assert step(bill, "gross")["result"] == "77.29"
        commission = step(bill, "commission")
        assert (commission["rate"], commission["rate_from"]) == ("0.18", "billing.commission_by_service.cleaning")
        assert (commission["of"], commission["exact"], commission["result"]) == ("77.29", "13.9122", "13.91")
        assert (step(bill, "vat")["of"], step(bill, "vat")["exact"], step(bill, "vat")["result"]) == (
            "13.91",
            "2.782",
            "2.78",
        )
        terms = bill["terms"]
        assert (terms["policy"], terms["published"], terms["chosen_by"]["position"]) == ("mila@2018-06", None, 2)
        assert len(terms["policy_document_sha256"]) == 64
        assert bill["closing"] == {
            "ended_at": "2026-03-10T11:00:00Z",
            "timezone": "Europe/Paris",
            "rule": "end_of_next_local_day",
            "policy": "mila@2018-06",
            "closes_at": "2026-03-11T23:00:00Z",
            "closes_at_local": "2026-03-12T00:00:00+01:00",
            "status": "closed",
        }
        assert ledger.mission_bill("m-2")["line"]["gross"] == "80.00"


def test_the_policy_that_was_agreed_is_named_with_what_chose_it(database: Database) -> None:
    lyon = policy("2", "2026-01-01 00:00", "2025-12-01 00:00", city={"lyon": {"billing": {"commission": "0.10"}}})
    later = policy("3", "2026-02-01 00:00", "2025-12-01 00:00", billing={"commission": "0.30"})
    with opened(database) as ledger:
        bill = told(ledger, [lyon, later, *two_pros()])
        assert (bill["terms"]["policy"], bill["terms"]["published"]) == ("test@2", 1)
        assert bill["terms"]["chosen_by"]["type"] == "mission.accepted"
        assert bill["terms"]["city_overrides"] == ["billing"]
        assert (step(bill, "commission")["rate"], step(bill, "commission")["rate_from"]) == (
            "0.1",
            "city.lyon.billing.commission",
        )
        other = ledger.mission_bill("m-2")
        assert (step(other, "commission")["rate"], step(other, "commission")["rate_from"]) == (
            "0.15",
            "billing.commission",
        )


@pytest.mark.parametrize(
    ("type", "data"), [("mission.cancelled", {"by": "client"}), ("mission.no_show", {"reported_by": "client"})]
)
def test_what_took_the_amount_away_is_among_the_facts(database: Database, type: str, data: dict[str, str]) -> None:
    ended = event(type, "m-1", "2026-03-10 09:30", **data)
    with opened(database) as ledger:
        bill = told(ledger, [*session("m-1", "p-1", "2026-03-10")[:2], ended, *session("m-2", "p-2", "2026-03-10")])
        assert bill["line"] is None
        assert [each["type"] for each in bill["facts"]] == ["mission.requested", "mission.accepted", type]
        assert ledger.mission_bill("m-2")["line"] is not None


def test_a_fee_for_an_absence_with_its_cap(database: Database) -> None:
    absent = event("mission.client_absent", "m-1", "2026-03-10 09:20")
    with opened(database) as ledger:
        bill = told(
            ledger, [*session("m-1", "p-1", "2026-03-10")[:2], absent, *session("m-2", "p-2", "2026-03-10", **SWISS)]
        )
        fee = step(bill, "fee")
        assert (fee["percent"], fee["exact"], fee["cap"], fee["result"]) == ("100", "60", "40.00", "40.00")
        assert (step(bill, "commission")["rate"], step(bill, "commission")["result"]) == ("0", "0.00")
        assert bill["terms"]["chosen_by"]["type"] == "mission.client_absent"


def test_adjustments_and_frozen_entries_stand_in_it(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = close(ledger, "2026-03").position
        given_back = ledger.adjust(adjustment("m-1", refund={"amount": "10.00"}, parts=3)).position
        bill = told(ledger, [])
        assert bill["waits_for_close"]
        fact = bill["facts"][-1]
        assert (fact["position"], fact["refund"], fact["parts"], fact["by"], fact["reason"]) == (
            given_back,
            "10.00",
            ["3.34", "3.33", "3.33"],
            "C. Roux",
            "complaint",
        )
        assert step(bill, "refunded")["result"] == "-10.00"
        second = close(ledger, "2026-04").position
        bill = ledger.mission_bill("m-1")
        assert not bill["waits_for_close"]
        assert [(each["period"], each["role"], each["position"], each["gross"]) for each in bill["entries"]] == [
            ("2026-03", "line", first, "60.00"),
            ("2026-04", "credit", second, "-60.00"),
            ("2026-04", "line", second, "50.00"),
        ]
        assert [each["mission"] for each in ledger.mission_bill("m-2")["entries"]] == ["m-2"]


def test_what_does_not_count_is_shown_as_such(database: Database) -> None:
    wrong = modified("m-1", "2026-03-10 12:00", 180)
    with opened(database) as ledger:
        bill = told(ledger, [*two_pros(), wrong, voided(wrong)])
        fact = bill["facts"][-1]
        assert (fact["position"], fact["counts"], fact["voided_by"]) == (10, False, 11)
        assert bill["line"]["minutes"] == 120


def test_a_change_told_before_the_completion(database: Database) -> None:
    early = modified("m-1", "2026-03-10 12:00", 180)
    with opened(database) as ledger:
        bill = told(ledger, [*session("m-1", "p-1", "2026-03-10")[:2], early, completed("m-1", "2026-03-10 11:00")])
        assert bill["line"]["minutes"] == 180
        assert step(bill, "session")["minutes_from"]["position"] == 3


@pytest.mark.parametrize(
    ("ending", "state"), [([], "held"), ([cancelled("m-1", "2026-03-05 09:00", by="client")], "cancelled")]
)
def test_a_mission_without_an_amount_says_why(database: Database, ending: list[Document], state: str) -> None:
    with opened(database) as ledger:
        bill = told(ledger, [*session("m-1", "p-1", "2026-03-10")[:2], *ending])
        assert (bill["state"], bill["line"], bill["calculation"]) == (state, None, [])


def test_the_reason_is_that_which_took_the_amount_away(database: Database) -> None:
    done = session("m-1", "p-1", "2026-03-10")
    missed = [
        *session("m-2", "p-2", "2026-03-10")[:2],
        event("mission.checked_in", "m-2", "2026-03-10 08:55"),
        event("mission.no_show", "m-2", "2026-03-10 09:30", reported_by="client"),
        completed("m-2", "2026-03-10 11:00"),
    ]
    unknown = session("m-3", "p-2", "2026-03-11")
    with opened(database) as ledger:
        recorded(ledger, [*done, *missed, unknown[0], unknown[2]])
        assert ledger.mission_bill("m-1")["no_amount_because"] is None
        assert ledger.mission_bill("m-2")["no_amount_because"] is None
        nobody = ledger.mission_bill("m-3")
        assert (nobody["state"], nobody["no_amount_because"]) == ("completed", {"code": "not_accepted", "event": None})
        close(ledger, "2026-03")
        confirmed = event("mission.no_show_confirmed", "m-2", "2026-05-01 09:00", by="ines")
        recorded(ledger, [voided(done[2]), confirmed])
        for mission, state, code, type in (
            ("m-1", "held", "declared_wrong", "mission.completed"),
            ("m-2", "completed", "no_show", "mission.no_show_confirmed"),
        ):
            bill = ledger.mission_bill(mission)
            assert (bill["line"], bill["state"], bill["waits_for_close"]) == (None, state, True)
            assert (bill["no_amount_because"]["code"], bill["no_amount_because"]["event"]["type"]) == (code, type)


@pytest.mark.parametrize(
    ("ending", "because"),
    [
        ([], ("not_done", None)),
        ([cancelled("m-1", "2026-03-05 09:00", by="client")], ("not_done", None)),
        ([event("mission.no_show", "m-1", "2026-03-10 09:30", reported_by="client")], ("no_show", "mission.no_show")),
    ],
)
def test_the_reason_of_a_mission_that_was_never_done(
    database: Database, ending: list[Document], because: tuple[str, str | None]
) -> None:
    with opened(database) as ledger:
        bill = told(ledger, [*session("m-1", "p-1", "2026-03-10")[:2], *ending, *session("m-2", "p-2", "2026-03-10")])
        found = bill["no_amount_because"]
        assert (found["code"], found["event"] and found["event"]["type"]) == because
        assert ledger.mission_bill("m-2")["no_amount_because"] is None


def test_an_unknown_mission_is_refused(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, [requested("m-1")])
        with pytest.raises(Refused) as caught:
            ledger.mission_bill("m-2")
        assert caught.value.code == "unknown_mission"
