"""`events --pro` and `--mission`: everything recorded about one of them, and nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from importing.ledgers import opened
from missions.kit import Document, both, no_show

from ledger.store.database import Database
from projections.live import LiveLedger


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        yield live


def record(ledger: LiveLedger, *documents: Document) -> None:
    for outcome in ledger.record(list(documents), live=False):
        assert outcome.status == "recorded", outcome.error


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
