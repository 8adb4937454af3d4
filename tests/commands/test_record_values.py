"""`key=value` becomes what the event's schema asks for, and the envelope is filled in."""

from __future__ import annotations

from typing import Any

import pytest
from asking import AnsweringLedger, Ask

from commands.values import data_of
from ledger.errors import Conflict, Misused, Refused
from ledger.events.catalogue import TYPES


@pytest.mark.parametrize(
    ("event_type", "pairs", "data"),
    [
        ("mission.rated", ["by=client", "stars=4"], {"by": "client", "stars": 4}),
        ("mission.rated", ["stars=-4"], {"stars": -4}),
        ("mission.rated", ["stars=4.5"], {"stars": "4.5"}),  # the ledger refuses it in its own words
        ("mission.rated", ["stars=４"], {"stars": "４"}),
        ("mission.rated", ["comment=5"], {"comment": "5"}),
        ("mission.rated", ["comment=a=b:=c"], {"comment": "a=b:=c"}),
        ("mission.rated", ["comment="], {"comment": ""}),
        ("mission.cancelled", ["excused=true"], {"excused": True}),
        ("mission.cancelled", ["excused=yes"], {"excused": "yes"}),
        ("mission.cancelled", ["excused:=null"], {"excused": None}),
        ("mission.cancelled", ["reason=true"], {"reason": "true"}),
        (
            "mission.requested",
            ["price.amount=33.50", "price.currency=EUR", "price.per=hour", "duration_minutes=90"],
            {"price": {"amount": "33.50", "currency": "EUR", "per": "hour"}, "duration_minutes": 90},
        ),
        ("pro.registered", ["cities=paris, lyon"], {"cities": ["paris", "lyon"]}),
        ("pro.registered", ["cities=paris"], {"cities": ["paris"]}),
        ("pro.accounts_linked", ['accounts:=["a","b"]'], {"accounts": ["a", "b"]}),
        ("mission.duration_modified", ["added:=[]"], {"added": []}),
        ("city.baseline_published", ["pros=12", "minimum_rating=4.2"], {"pros": 12, "minimum_rating": "4.2"}),
        ("no.such_type", ["a=1", "b.c=2"], {"a": "1", "b": {"c": "2"}}),
        ("mission.accepted", ["prö=1"], {"prö": "1"}),
    ],
)
def test_values_are_typed_by_the_schema(event_type: str, pairs: list[str], data: dict[str, Any]) -> None:
    assert data_of(event_type, None, pairs) == data


def test_pairs_are_put_into_the_given_object() -> None:
    base = '{"price": {"amount": "1.00", "currency": "EUR"}, "city": "paris"}'
    data = data_of("mission.requested", base, ["price.amount=2.00"])
    assert data == {"price": {"amount": "2.00", "currency": "EUR"}, "city": "paris"}


@pytest.mark.parametrize(
    "pairs",
    [["pro"], ["=x"], [".a=x"], ["a..b=x"], ["a=1", "a=2"], ["a=1", "a.b=2"], ["a.b=2", "a=1"], ["a:={"], [":=1"]],
)
def test_what_is_no_field_is_a_mistake_of_usage(pairs: list[str]) -> None:
    with pytest.raises(Misused):
        data_of("mission.accepted", None, pairs)


@pytest.mark.parametrize("event_type", TYPES)
def test_every_type_has_a_schema_to_type_by(event_type: str) -> None:
    assert data_of(event_type, "{}", []) == {}


def test_the_envelope(ask: Ask, answering: AnsweringLedger) -> None:
    said = ask("record", "mission.accepted", "m-1", "pro=p-1", "--id", "e-1", "--source", "app/fr", "--json")
    assert said.code == 0
    assert answering.recorded == [
        {
            "specversion": "1.0",
            "id": "e-1",
            "source": "app/fr",
            "type": "mission.accepted",
            "subject": "m-1",
            "time": "2026-04-01T12:00:00Z",
            "data": {"pro": "p-1"},
        }
    ]
    assert set(said.json) == {"status", "position", "event", "findings"}
    ask("record", "mission.accepted", "m-1", "pro=p-1", "--time", "2026-03-02")
    assert answering.recorded[1]["time"] == "2026-03-02T00:00:00Z"
    assert answering.recorded[1]["source"].startswith("cli/")
    assert len(answering.recorded[1]["id"]) == 36


def test_findings_are_told(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["findings"] = [
        {"type": "pro.warned", "subject": "p-1", "sequence": 42, "data": {"rule": "no_show"}}
    ]
    assert "#42 p-1 is warned under no_show" in ask("record", "mission.no_show", "m-1", "reported_by=client").out


@pytest.mark.parametrize(
    ("error", "code"),
    [(Refused("unknown_mission", "x"), 1), (Conflict("idempotency_conflict", "x"), 3)],
)
def test_a_refusal_is_the_exit_code(ask: Ask, answering: AnsweringLedger, error: Any, code: int) -> None:
    answering.error = error
    said = ask("record", "mission.accepted", "m-1", "pro=p-1", "--json")
    assert (said.code, said.out, said.error["code"]) == (code, "", error.code)


def _proposals(*rules: str) -> dict[str, Any]:
    proposals = [
        {"event": f"proposed-{number}", "rule": rule, "kind": "suspension", "position": number}
        for number, rule in enumerate(rules, 7)
    ]
    return {"proposals": proposals}


def test_a_suspension_follows_the_open_proposal(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["standing"] = _proposals("cancellation.rate")
    assert ask("decide", "p-1", "--suspend", "--by", "A", "--reason", "r").code == 0
    (event,) = answering.recorded
    assert event["type"] == "pro.suspended"
    assert event["data"] == {
        "kind": "suspension",
        "rule": "cancellation.rate",
        "proposal": "proposed-7",
        "by": "A",
        "reason": "r",
    }


def test_a_decision_without_reason_is_left_to_the_ledger(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["standing"] = _proposals()
    assert ask("decide", "p-1", "--reinstate", "--by", "A").code == 0
    assert answering.recorded[0]["data"] == {"by": "A"}


def test_which_proposal_is_meant(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["standing"] = _proposals("cancellation.rate", "rating.minimum")
    said = ask("decide", "p-1", "--suspend", "--by", "A", "--reason", "r")
    assert said.code == 2
    assert "--rule" in said.err
    ask("decide", "p-1", "--suspend", "--by", "A", "--reason", "r", "--rule", "rating.minimum")
    assert answering.recorded[0]["data"]["proposal"] == "proposed-8"
    answering.answers["standing"] = _proposals()
    assert "--kind" in ask("decide", "p-1", "--suspend", "--by", "A", "--reason", "r").err


def test_a_termination_takes_all_its_options(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["standing"] = _proposals()
    answering.answers["locate"] = ("app", "e-9", 9, "mission.no_show", "m-1")
    options = ("--kind", "termination", "--notified-at", "2026-03-01", "--until", "2026-05-01T00:00:00+02:00")
    more = ("--notice-exception", "imperative_reason", "--evidence", "e-9", "--evidence", "#12", "--rule", "no_show")
    assert ask("decide", "p-1", "--suspend", "--by", "A", "--reason", "r", *options, *more).code == 0
    assert answering.recorded[0]["data"] == {
        "kind": "termination",
        "rule": "no_show",
        "by": "A",
        "reason": "r",
        "until": "2026-05-01T00:00:00+02:00",
        "notified_at": "2026-03-01T00:00:00Z",
        "notice_exception": "imperative_reason",
        "evidence": ["e-9", 12],
    }


def test_void_names_the_source_of_the_event(ask: Ask, answering: AnsweringLedger) -> None:
    answering.answers["locate"] = ("app/fr", "e-9", 9, "mission.cancelled", "m-1")
    answering.answers["events"] = [{"sequence": 9, "source": "app/de", "id": "e-9", "time": "2026-03-01T00:00:00Z"}]
    answering.answers["position"] = 9
    ask("void", "e-9", "--by", "A", "--reason", "wrong")
    ask("void", "#9", "--by", "A", "--reason", "wrong", "--time", "#9")
    first, second = answering.recorded
    assert (first["type"], first["subject"]) == ("ledger.event_voided", "e-9")
    assert first["data"] == {"source": "app/fr", "by": "A", "reason": "wrong"}
    assert second["data"]["source"] == "app/de"
    assert second["time"] == "2026-03-01T00:00:00Z"
    assert ask("void", "#10", "--by", "A", "--reason", "wrong").code == 2
