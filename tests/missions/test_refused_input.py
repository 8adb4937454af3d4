"""What is refused before the life cycle is asked: schema, times, money, durations, size, who speaks."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ledger.events.faults import WORDS
from ledger.events.models import MODEL_OF
from ledger.events.reading import typed

from .kit import RECORDED, Document, Story, both, completed, event, modified, policy, requested


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("starts_at", "tomorrow", "data.starts_at is no instant; write 2026-03-02T09:00:00+01:00 or …Z"),
        ("starts_at", "2026-02-30T09:00:00Z", "data.starts_at is no instant; write 2026-03-02T09:00:00+01:00 or …Z"),
        ("starts_at", "1960-01-01T09:00:00Z", "data.starts_at is not allowed: the year 1960 is outside 1971 to 9000"),
        ("duration_minutes", "two", "data.duration_minutes is not a whole number"),
        (
            "client",
            "a b",
            "data.client: 'a b' is not an identifier; write 1 to 128 characters out of A-Z a-z 0-9 . _ : -",
        ),
        ("price", 30, "data.price is not an object"),
        ("series", 5, 'data.series: 5 is not a text; write it in quotes, "5"'),
        (
            "price",
            {"amount": "x", "currency": "EUR", "per": "day"},
            "data.price.amount: 'x' is not an amount; write digits and a point, such as 33.50 (and 1 more problem)",
        ),
        (
            "price",
            {"amount": "x", "currency": "eur", "per": "day"},
            "data.price.amount: 'x' is not an amount; write digits and a point, such as 33.50 (and 2 more problems)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_words(field: str, wrong: object, words: str) -> None:
    document = requested("m-2")
    document["data"][field] = wrong
    story = Story(*both("m-1", "m-3"))

    assert (story.when(document).code, story.when(document).message) == ("invalid_event", words)


def test_every_kind_of_fault_that_the_models_know_has_words() -> None:
    """The library's own texts are for programmers: none of them is shown for a field of an event."""
    known = {*WORDS, "string_pattern_mismatch", "missing", "extra_forbidden", "timezone_aware"}
    for model in MODEL_OF.values():
        for wrong in (None, True, -1, 2.5, "", "a\tb", "x" * 70_000, [], {}, [None], {"x": 1}):
            for field in model.model_fields["data"].annotation.model_fields:  # type: ignore[union-attr]
                document = event(model.model_fields["type"].annotation.__args__[0], "s-1", "2026-03-01 09:00")
                document["data"] = {field: wrong}
                try:
                    typed(document)
                except ValidationError as error:
                    for problem in error.errors():
                        assert problem["type"] in known, problem


def _with(document: Document, **changed: Any) -> Document:
    return {**document, "data": {**document["data"], **changed}}


def _price(amount: str, currency: str = "EUR") -> Document:
    return requested("m-9", price={"amount": amount, "currency": currency, "per": "hour"})


ADDED = {"label": "ironing", "price": {"amount": "15.00", "currency": "EUR"}}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (event("mission.flown", "m-1", "2026-03-10 09:00"), "unknown_type"),
        ({**completed(), "time": "2026-03-10T11:00:00"}, "naive_timestamp"),
        (_with(requested("m-9"), starts_at="2026-03-10T09:00:00"), "naive_timestamp"),
        (_with(completed(), ended_at="2026-03-10T11:00:00"), "naive_timestamp"),
        ({**completed(), "time": "2027-06-01T00:05:00.000001Z"}, "future_event"),
        (requested("m-9", comment="é" * 33_000), "payload_too_large"),
        (completed(minutes=0), "invalid_duration"),
        (completed(minutes=-5), "invalid_duration"),
        (completed(minutes=1441), "invalid_duration"),
        (_with(completed(), duration_minutes=90.5), "invalid_event"),
        (modified(minutes=0), "invalid_duration"),
        (modified(minutes=1500), "invalid_duration"),
        (requested("m-9", duration_minutes=0), "invalid_duration"),
        (
            event(
                "mission.rescheduled",
                "m-1",
                "2026-03-05 09:00",
                by="client",
                starts_at="2026-03-11T09:00:00Z",
                duration_minutes=0,
            ),
            "invalid_duration",
        ),
        (_price("10.005"), "too_precise"),
        (_price("1000.5", "JPY"), "too_precise"),
        (_price("10.0005", "TND"), "too_precise"),
        (_price("-1.00"), "invalid_event"),
        (_price("10,00"), "invalid_event"),
        (_price("10.00", "XYZ"), "invalid_event"),
        (requested("m-9", timezone="Europe/Paname"), "invalid_event"),
        (_with(modified(), added=[{"label": "x", "price": {"amount": "1.005", "currency": "EUR"}}]), "too_precise"),
        (requested("m 9"), "invalid_event"),
        (_with(completed(), unknown_field=1), "invalid_event"),
        (_with(requested("m-9"), client="p\u0000"), "invalid_event"),
        (event("pro.warned", "p-1", "2026-03-10 09:00"), "invalid_event"),
    ],
    ids=lambda each: each if isinstance(each, str) else each["type"],
)
def test_refused(document: Document, code: str) -> None:
    story = Story(*both())
    before = story.trace()

    outcome = story.when(document)

    assert outcome.code == code
    assert outcome.message
    assert story.trace() == before


@pytest.mark.parametrize(
    "document",
    [
        {**completed(), "time": "2026-03-10T12:00:00+01:00"},
        completed(minutes=1440),
        completed(minutes=1),
        _price("10.500"),
        _price("1000.00", "JPY"),
        _price("10.005", "TND"),
        _price("0"),
    ],
    ids=lambda each: f"{each['type']} {each['data'].get('price') or each['data'].get('duration_minutes')}",
)
def test_taken(document: Document) -> None:
    assert Story(*both()).when(document).code == RECORDED


def test_five_minutes_ahead_of_the_clock_is_no_future() -> None:
    story = Story(*both(), clock="2026-03-10T10:55:00Z")

    assert story.when(completed(time="2026-03-10T11:00:01Z")).code == "future_event"
    assert story.when(completed(time="2026-03-10T11:00:00Z")).code == RECORDED


def test_a_service_is_added_in_the_missions_currency() -> None:
    story = Story(*both(), completed("m-1"), completed("m-2"))
    swiss = {"label": "ironing", "price": {"amount": "15.00", "currency": "CHF"}}
    before = story.trace()

    assert story.when(modified(added=[ADDED, swiss], reason="service_added")).code == "currency_mismatch"
    assert story.trace() == before
    assert story.when(modified(added=[ADDED], reason="service_added")).code == RECORDED


@pytest.mark.parametrize("type", ["pro.warned", "pro.suspension_proposed"])
def test_findings_are_not_taken_from_outside(type: str) -> None:
    data: dict[str, Any] = {"rule": "no_show", "policy": "mila@2018-06", "figures": {}, "evidence": [1]}
    data |= {"ladder": "no_show"} if type == "pro.warned" else {"kind": "exclusion"}
    story = Story(*both())

    assert story.when(event(type, "p-1", "2026-03-10 09:00", **data)).code == "human_required"
    assert (story.access("p-1"), story.access("p-2")) == ("active", "active")


@pytest.mark.parametrize("by", ["engine", "Engine", " engine "])
@pytest.mark.parametrize(
    ("type", "more"),
    [
        ("pro.suspended", {"kind": "suspension"}),
        ("pro.reinstated", {}),
        ("pro.suspension_dismissed", {}),
        ("mission.no_show_confirmed", {}),
        ("pro.complaint_decided", {"outcome": "upheld"}),
    ],
)
def test_the_engine_is_nobody_outside(type: str, more: dict[str, str], by: str) -> None:
    subject = "m-1" if type.startswith("mission") else "p-1"
    story = Story(*both())

    outcome = story.when(event(type, subject, "2026-03-10 10:00", by=by, reason="because", **more))
    assert outcome.code == "human_required"


def test_the_engines_own_source_is_not_taken() -> None:
    story = Story(*both())

    assert story.when(completed() | {"source": "mission-ledger/engine"}).code == "human_required"


def test_a_policy_needs_its_notice_unless_forced() -> None:
    late = policy("2", "2026-01-15 23:59", "2026-01-01 00:00")
    late["data"]["forced"] = False
    in_time = policy("3", "2026-01-16 00:00", "2026-01-01 00:00")
    in_time["data"]["forced"] = False
    story = Story(*both())

    assert story.when(late).code == "notice_too_short"
    assert story.when(in_time).code == RECORDED


@pytest.mark.parametrize(
    "part", ["client", "city", "service", "starts_at", "timezone", "duration_minutes", "price"], ids=str
)
def test_a_request_says_what_is_to_be_weighed_before_accepting(part: str) -> None:
    """Wecasa 2: « vérifiez bien : Date et heure, Adresse, Type de service, Commentaire du client »."""
    without = requested("m-9")
    del without["data"][part]
    story = Story(*both())

    assert story.when(without).code == "invalid_event"
    # Where exactly, and what the client adds, may be told later; both are texts about the client.
    assert story.when(requested("m-9", address="12 rue des Lilas", comment="Ring twice")).code == RECORDED
    assert story.when(requested("m-10")).code == RECORDED
