"""A month replayed by compiled code and one mission after the other: the same answer in every word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from properties.histories import CITIES, KINDS, PROS, Plan, in_time

from ledger.policies.document import from_document
from ledger.policies.shipped import preset
from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.ledgers import opened
from tests.missions.kit import Document, completed, modified, policy, voided

from .closes import adjustment, close, recorded

PERIODS = ("2025-01", "2025-02", "2025-03")


def history() -> list[Document]:
    """Two missions of every kind that there is, over six weeks, under policies that change in the second one."""
    plans = [
        Plan(
            number=number,
            pro=PROS[number % 3],
            other=PROS[(number + 1) % 3],
            city=sorted(CITIES)[number % 2],
            kind=sorted(KINDS)[number % len(KINDS)],
            day=(7 * number) % 50,
            stars=1 + number % 5,
            minutes=30 + 5 * number,
            amount=1999 + 7 * number,
        )
        for number in range(2 * len(KINDS))
    ]
    terms = policy(
        "even", "2025-02-05 00:00", "2024-12-01 00:00", billing={"commission": "0.1625", "rounding": "half_even"}
    )
    return [terms, *in_time(plans)]


def both(ledger: LiveLedger, period: str, **question: Any) -> dict[str, Any]:
    """The answer at both speeds, which is one."""
    answers = [ledger.replay_period(period, speed=speed, **question) for speed in ("plain", "compiled")]
    for answer in answers:
        del answer["seconds"]
    assert answers[0] == answers[1]
    return answers[0]


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as opened_ledger:
        yield opened_ledger


def test_after_every_kind_of_correction(ledger: LiveLedger) -> None:
    documents = history()
    recorded(ledger, documents)
    close(ledger, PERIODS[0], at="2025-02-01T12:00:00Z", leave_open=True)  # the last days' bills are open: they go on
    first = ledger.position()
    assert both(ledger, PERIODS[0])["same"]
    done = [each for each in documents if each["type"] == "mission.completed"]
    lines = [each["mission"] for each in ledger.billing(period=PERIODS[0])["lines"]]
    at = {each["subject"]: each["time"] for each in done}
    plain = [mission for mission in lines if mission in at]
    recorded(ledger, [modified(plain[0], at[plain[0]], 45)])
    recorded(ledger, [voided(next(each for each in done if each["subject"] == plain[1]))])
    ledger.adjust(adjustment(plain[2], duration_minutes=30))
    ledger.adjust(adjustment(plain[3], refund={"amount": "1.00"}))
    changed = {each["mission"] for each in both(ledger, PERIODS[0])["changed"]}
    assert changed == set(plain[:4])
    assert both(ledger, PERIODS[0], known_at=first)["same"]
    for period in PERIODS[1:]:
        close(ledger, period)
        assert both(ledger, period)["same"]
    entries = ledger.billing(period=PERIODS[1])["lines"]
    assert {each["mission"] for each in entries if each["role"] == "credit"} == set(plain[:4])
    # Told again after it had been taken away: a line of the first month that the last close had to leave out.
    recorded(ledger, [completed(plain[1], at[plain[1]], 60, id="told-again")])
    assert plain[1] in {each["mission"] for each in both(ledger, PERIODS[0])["changed"]}
    supposed = from_document(preset("wecasa-ch").document() | {"id": "supposed"})
    for period in PERIODS:
        for known_at in (first, None):
            assert both(ledger, period, policy=supposed, known_at=known_at)["changed"]
