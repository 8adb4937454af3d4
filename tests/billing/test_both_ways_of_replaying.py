"""A month replayed by compiled code and one mission after the other: the same answer in every word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from properties.histories import CITIES, KINDS, PROS, Plan, in_time, plans

from ledger.errors import Refused
from ledger.policies.document import from_document
from ledger.policies.shipped import preset
from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.ledgers import opened
from tests.missions.kit import Document, accepted, completed, modified, policy, requested, voided

from .closes import LATER, adjustment, close, recorded

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
    # Before anything of it was known: what later closes correct is named all the same.
    assert any(each["corrected_by"] for each in both(ledger, PERIODS[0], known_at=1)["changed"])
    supposed = from_document(preset("wecasa-ch").document() | {"id": "supposed"})
    for period in PERIODS:
        for known_at in (first, None):
            assert both(ledger, period, policy=supposed, known_at=known_at)["changed"]


# -- generated months -------------------------------------------------------------------------------------------------

MONEY = {"EUR": "24.90", "JPY": "3217", "TND": "41.905"}
ZONE = {"EUR": "Europe/Paris", "JPY": "Asia/Tokyo", "TND": "Africa/Tunis"}
TERMS = policy(
    "even", "2025-01-20 00:00", "2024-12-01 00:00", billing={"commission": "0.1625", "rounding": "half_even"}
)
SUPPOSED = from_document(
    policy("supposed", "2030-01-01 00:00", billing={"vat": "0.081", "closes": "noon_next_local_day"})["data"][
        "document"
    ]
)


@st.composite
def sessions(draw: st.DrawFn) -> list[Document]:
    """Missions that were done in January and February, in currencies with no, two and three decimals."""
    documents: list[Document] = []
    for number in range(draw(st.integers(2, 6))):
        currency, day = draw(st.sampled_from(sorted(MONEY))), draw(st.integers(1, 50))
        started = f"{date(2025, 1, 5) + timedelta(days=day)}"
        price = {"amount": MONEY[currency], "currency": currency, "per": draw(st.sampled_from(["hour", "mission"]))}
        mission = f"s-{number}"
        documents += [
            requested(mission, "2024-12-20 08:00", starts_at=f"{started} 09:00", timezone=ZONE[currency], price=price),
            accepted(
                mission, draw(st.sampled_from(PROS)), draw(st.sampled_from(["2025-01-01 08:00", "2025-01-25 08:00"]))
            ),
            completed(mission, f"{started} 11:00", draw(st.integers(1, 600))),
        ]
    return documents


@st.composite
def corrections(draw: st.DrawFn, ledger: LiveLedger, documents: list[Document]) -> None:
    """What becomes known after a close; whatever is refused is not recorded."""
    done = [each for each in documents if each["type"] == "mission.completed"]
    for _ in range(draw(st.integers(0, 5))):
        each, place = draw(st.sampled_from(done)), ledger.position()
        mission, kind = each["subject"], draw(st.sampled_from(["changed", "void", "told again", "minutes", "refund"]))
        if kind == "changed":
            ledger.record([modified(mission, each["time"], draw(st.integers(1, 600)), id=f"late-{place}")], live=False)
        elif kind == "void":
            ledger.record([voided(each)], live=False)
        elif kind == "told again":
            ledger.record([completed(mission, each["time"], 61, id=f"again-{place}")], live=False)
        else:
            change = {"duration_minutes": 30} if kind == "minutes" else {"refund": {"amount": "1"}}
            with suppress(Refused):
                ledger.adjust(adjustment(mission, id=f"adjust-{place}", **change))


@given(plans(most=5), sessions(), st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_month_whatever_comes_after_its_close(
    new_database: Any, missions: list[Plan], done: list[Document], data: st.DataObject
) -> None:
    documents = in_time(missions, done)
    place = data.draw(st.integers(0, len(documents)))
    with opened(new_database()) as ledger:
        ledger.record([*documents[:place], TERMS, *documents[place:]], live=False)
        positions = []
        for period in PERIODS:
            at = data.draw(st.sampled_from([f"{period}-28T00:00:00Z", LATER]))
            over = f"{date.fromisoformat(period + '-01') + timedelta(days=32):%Y-%m}-01T13:00:00Z"
            close(ledger, period, at=max(at, over), leave_open=True)
            positions.append(ledger.position())
            data.draw(corrections(ledger, documents))
        if data.draw(st.booleans()):
            ledger.record([voided(TERMS)], live=False)
        for period, position in zip(PERIODS, positions, strict=True):
            assert both(ledger, period, known_at=position)["same"]
            both(ledger, period)
            both(ledger, period, policy=SUPPOSED)
            both(ledger, period, known_at=data.draw(st.integers(1, ledger.position())))
            both(ledger, period, known_at=position, policy=SUPPOSED)
