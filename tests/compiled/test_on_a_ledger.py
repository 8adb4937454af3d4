"""`replay` and `policy simulate` on a real ledger: the same answer at either speed, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing.ledgers import opened
from missions.kit import Document, event, policy, voided
from properties.test_replay import busy

from commands.demo.month import events
from ledger.policies.document import Policy, from_document
from ledger.policies.shipped import presets
from ledger.store.database import Database
from projections.live import LiveLedger

Answer = dict[str, Any]


@pytest.fixture
def month(database: Database) -> Iterator[LiveLedger]:
    """The demo month, with an end that plain Python must judge: accounts linked, a decision, a finding voided."""
    with opened(database) as ledger:
        ledger.record(list(events()), live=False)
        warned = next(each for each in ledger.events(type="pro.warned"))
        link = event("pro.accounts_linked", "pro-chloe", "2026-04-02 09:00", accounts=["pro-elise"], by="ines")
        lifted = event("pro.reinstated", "pro-bruno", "2026-04-03 09:00", by="ines", reason="talked it over")
        void = voided(warned, "2026-04-04 09:00")
        outcomes = ledger.record([link, lifted, void], live=False)
        assert [each.error for each in outcomes] == [None] * 3
        expired = event("pro.document_expired", "pro-amina", "2026-03-01 09:00", kind="identity")
        verified_again = event("pro.document_verified", "pro-amina", "2026-03-09 09:00", kind="identity")
        assert [each.status for each in ledger.record([expired, verified_again], live=False)] == ["recorded"] * 2
        yield ledger


def other_terms(**sections: object) -> Policy:
    return from_document(policy("other", "2020-01-01 00:00", **sections)["data"]["document"])


QUESTIONS: dict[str, Answer] = {
    "as recorded": {},
    "as it occurred": {"order": "occurred"},
    "as known at a position": {"known_at": 300},
    "as of a day": {"as_of": "2026-02-15T00:00:00Z"},
    "known and as of": {"known_at": 400, "as_of": "2026-02-20T00:00:00Z", "order": "occurred"},
    "another tax": {"policy": other_terms(billing={"vat": "0.081", "rounding": "half_even"})},
    "stricter": {"policy": other_terms(rating={"minimum": "4.90", "min_ratings": 1}, warnings={"max": 1})},
    "stricter in order": {"policy": other_terms(no_show={"exclude_at": 1, "warn_at": 1}), "order": "occurred"},
    "without some": {"without": [5, 60, 157, 281, 300, 512]},
    "without a void": {"without": ["m-lyon-0311.cancelled"]},
}


def told(answer: Answer) -> Answer:
    """The answer without how long it took."""
    return {name: value for name, value in answer.items() if name != "seconds"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_demo_month_replays_alike(month: LiveLedger, name: str) -> None:
    question = dict(QUESTIONS[name])
    if "without" in question:
        question["without"] = [each for each in question["without"] if isinstance(each, int)] or [
            month.locate(each)[2] for each in question["without"]
        ]
        by_engine = {int(each["sequence"]) for each in month.events() if each["source"] == "mission-ledger/engine"}
        question["without"] = [each for each in question["without"] if each not in by_engine]

    plain, compiled = (month.replay(**question, speed=speed) for speed in ("plain", "compiled"))

    assert told(compiled) == told(plain)


def test_without_what_was_said_of_a_pro(month: LiveLedger) -> None:
    """A decision, a document or a void that never happened may move access and no finding."""
    own = [each for each in month.events() if each["type"].startswith(("pro.", "ledger."))]
    positions = [int(each["sequence"]) for each in own if each["source"] != "mission-ledger/engine"]
    assert len(positions) > 4
    for position in positions:
        plain, compiled = (month.replay(without=[position], speed=speed) for speed in ("plain", "compiled"))
        assert told(compiled) == told(plain)


@pytest.mark.parametrize("preset", presets())
def test_the_demo_month_under_every_preset(month: LiveLedger, preset: str) -> None:
    terms = month.policy(preset)

    assert told(month.replay(policy=terms, speed="compiled")) == told(month.replay(policy=terms, speed="plain"))
    assert told(month.simulate(terms, speed="compiled")) == told(month.simulate(terms, speed="plain"))


def test_a_simulation_of_every_kind_of_change(month: LiveLedger) -> None:
    for terms in (
        other_terms(billing={"vat": "0.081"}),
        other_terms(billing={"commission": "0.25", "commission_by_service": {}}),
        other_terms(rating={"minimum": "4.90", "min_ratings": 1}, warnings={"max": 1}),
        other_terms(decision="human"),
    ):
        for since in (None, "2026-02-10T00:00:00Z"):
            plain, compiled = (month.simulate(terms, since=since, speed=speed) for speed in ("plain", "compiled"))
            assert told(compiled) == told(plain)


@given(busy(most=5), st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_replays_alike(new_database: Any, documents: list[Document], data: st.DataObject) -> None:
    with opened(new_database()) as ledger:
        ledger.record(documents, live=False)
        question: Answer = {
            "order": data.draw(st.sampled_from(["recorded", "occurred"])),
            "known_at": data.draw(st.sampled_from([None, max(1, ledger.position() // 2)])),
            "policy": data.draw(st.sampled_from([None, other_terms(rating={"minimum": "4.90", "min_ratings": 1})])),
        }

        plain, compiled = (ledger.replay(**question, speed=speed) for speed in ("plain", "compiled"))

        assert told(compiled) == told(plain)
