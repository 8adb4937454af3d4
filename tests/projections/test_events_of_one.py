"""`events --pro` and `--mission`: everything recorded about one of them, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from billing.closes import adjustment, close, two_pros
from importing.ledgers import opened, record
from invoices.billed import SETTINGS, issue
from missions.kit import both, event, no_show, voided

from ledger.store.database import Database
from projections.live import LiveLedger


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        yield live


def told(ledger: LiveLedger, **filters: str) -> list[tuple[str, str]]:
    return [(each["type"], each["subject"]) for each in ledger.events(**filters)]


def test_filters_narrow(ledger: LiveLedger) -> None:
    record(ledger, *both("m-1", "m-2", "m-3", pros=("p-1", "p-2", "p-1")), no_show("m-1"), no_show("m-2"))
    of_m_1 = [("mission.requested", "m-1"), ("mission.accepted", "m-1"), ("mission.no_show", "m-1")]

    assert told(ledger, mission="m-1") == told(ledger, pro="p-1", mission="m-1") == of_m_1
    assert told(ledger, pro="p-2", mission="m-1") == []
    assert told(ledger, pro="p-1", mission="m-2") == []
    assert told(ledger, pro="p-1", mission="m-1", type="mission.no_show") == of_m_1[2:]
    assert ("pro.warned", "p-1") in told(ledger, pro="p-1")
    assert {subject for _, subject in told(ledger, pro="p-1")} == {"m-1", "m-3", "p-1"}


def test_the_bill_belongs_to_it_with_its_adjustments_their_voids_and_its_invoices(ledger: LiveLedger) -> None:
    for document in two_pros():
        record(ledger, document)
    close(ledger, "2026-03")
    for mission in ("m-1", "m-2"):
        ledger.adjust(adjustment(mission, duration_minutes=60))
    record(ledger, voided(adjustment("m-1", duration_minutes=60), "2027-05-02 09:00"), voided(two_pros()[8]))
    issue(ledger, "2026-03", settings=SETTINGS)
    record(ledger, event("ledger.subject_erased", "p-1", "2027-05-03 09:00", by="ines", reason="asked for it"))

    bill = [("billing.adjusted", "m-1"), ("ledger.event_voided", "adjust-m-1")]
    of_m_1 = [("mission.requested", "m-1"), ("mission.accepted", "m-1"), ("mission.completed", "m-1"), *bill]
    assert told(ledger, mission="m-1") == told(ledger, pro="p-1", mission="m-1") == of_m_1
    assert told(ledger, mission="m-2")[3:] == [("billing.adjusted", "m-2")]
    assert told(ledger, mission="m-1", type="ledger.event_voided") == bill[1:]
    last = next(each["sequence"] for each in ledger.events(mission="m-1") if each["type"] == "billing.adjusted")
    assert [each["type"] for each in ledger.events(mission="m-1", after=last)] == ["ledger.event_voided"]

    of_p_1 = list(ledger.events(pro="p-1"))
    mine = [each for each in of_p_1 if not each["type"].startswith("mission.")]
    assert [each["type"] for each in mine] == [
        "billing.adjusted",
        "ledger.event_voided",
        "ledger.event_voided",
        "invoice.issued",
        "ledger.subject_erased",
    ]
    assert mine[3]["data"]["pro"] == "p-1"
    assert [each["sequence"] for each in of_p_1] == sorted({each["sequence"] for each in of_p_1})
    assert [each["data"]["pro"] for each in ledger.events(pro="p-2", type="invoice.issued")] == ["p-2"]
    assert not any("m-1" in subject for _, subject in told(ledger, pro="p-2"))
