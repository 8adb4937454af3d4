"""Input that cannot be an event: it is refused with its code, alone, and nothing of it is ever stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.store.database import Database
from tests.importing.histories import START, accepted, event, ndjson, requested, written
from tests.importing.ledgers import ids, imported, opened, rejected, said

GOOD = ndjson([requested("m-1")]).rstrip()


def changed(**changes: Any) -> bytes:
    """The good request under another id, with attributes changed."""
    return json.dumps({**json.loads(GOOD), "id": "bad", **changes}).encode()


def data(**changes: Any) -> bytes:
    """The good request under another id and for another mission, with data changed."""
    return changed(subject="m-bad", data={**json.loads(GOOD)["data"], **changes})


def spelt(old: str, new: str) -> bytes:
    """The good request under another id, with a piece of its text replaced."""
    line = changed(subject="m-bad").decode()
    assert old in line
    return line.replace(old, new).encode()


MINUTES = '"duration_minutes": 90'
DEEP = 100_000
REFUSED: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"mission.accepted m-1 pro-7", "invalid_event"),
    "half a document": (GOOD[:-20], "invalid_event"),
    "two documents": (GOOD + GOOD, "invalid_event"),
    "a list": (b"[" + GOOD + b"]", "invalid_event"),
    "a text": (b'"mission.accepted"', "invalid_event"),
    "null": (b"null", "invalid_event"),
    "no type": (spelt('"type": "mission.requested", ', ""), "invalid_event"),
    "unknown type": (changed(type="mission.exploded"), "unknown_type"),
    "a type of another case": (changed(type="Mission.Requested"), "unknown_type"),
    "a missing field": (spelt('"client": "client-1", ', ""), "invalid_event"),
    "a misspelt field": (data(adress="x"), "invalid_event"),
    "another specversion": (changed(specversion="0.3"), "invalid_event"),
    "an empty id": (changed(id=""), "invalid_event"),
    "an id with a space": (changed(id="a b"), "invalid_event"),
    "a subject with a slash": (changed(subject="m/1"), "invalid_event"),
    "a subject of 129 characters": (changed(subject="m" * 129), "invalid_event"),
    "a composed letter in a subject": (changed(subject="zo\u00eb"), "invalid_event"),
    "the same letter of two characters": (changed(subject="zoe\u0308"), "invalid_event"),
    "a number as a subject": (changed(subject=7), "invalid_event"),
    "text for a number": (data(duration_minutes="90"), "invalid_event"),
    "true for a number": (data(duration_minutes=True), "invalid_event"),
    "a fraction of a minute": (data(duration_minutes=90.5), "invalid_event"),
    "no minutes": (data(duration_minutes=0), "invalid_duration"),
    "more than a day": (data(duration_minutes=1441), "invalid_duration"),
    "a number of 100 digits": (spelt(MINUTES, '"duration_minutes": ' + "9" * 100), "invalid_event"),
    "a number of 400 digits": (spelt(MINUTES, '"duration_minutes": ' + "9" * 400), "invalid_event"),
    "1e400": (spelt(MINUTES, '"duration_minutes": 1e400'), "invalid_event"),
    "1e400 in an attribute": (spelt('"id": "bad"', '"id": "bad", "tenant": 1e400'), "invalid_event"),
    "NaN": (spelt(MINUTES, '"duration_minutes": NaN'), "invalid_event"),
    "Infinity": (spelt(MINUTES, '"duration_minutes": Infinity'), "invalid_event"),
    "a naive time": (changed(time="2026-03-02T09:00:00"), "naive_timestamp"),
    "a naive start": (data(starts_at="2026-03-02T09:00:00"), "naive_timestamp"),
    "the 30th of February": (changed(time="2026-02-30T09:00:00Z"), "invalid_event"),
    "the 29th of February of a common year": (data(starts_at="2026-02-29T09:00:00Z"), "invalid_event"),
    "the hour 25": (changed(time="2026-02-20T25:00:00Z"), "invalid_event"),
    "a leap second": (changed(time="2016-12-31T23:59:60Z"), "invalid_event"),
    "a time in seconds": (changed(time=1772442000), "invalid_event"),
    "a date without a time": (changed(time="2026-02-20"), "invalid_event"),
    "the year 9999": (data(starts_at="9999-12-31T23:59:59-23:00"), "invalid_event"),
    "an event of the future": (changed(time="2027-06-01T00:05:01Z"), "future_event"),
    "an unknown zone": (data(timezone="Europe/Lutetia"), "invalid_event"),
    "a path as a zone": (data(timezone="../../etc/passwd"), "invalid_event"),
    "too precise a price": (data(price={"amount": "1.005", "currency": "EUR", "per": "hour"}), "too_precise"),
    "a negative price": (data(price={"amount": "-1.00", "currency": "EUR", "per": "hour"}), "invalid_event"),
    "a decimal comma": (data(price={"amount": "33,50", "currency": "EUR", "per": "hour"}), "invalid_event"),
    "parted thousands": (data(price={"amount": "1 000.00", "currency": "EUR", "per": "hour"}), "invalid_event"),
    "digits of another script": (
        data(price={"amount": "\u0661\u0660", "currency": "EUR", "per": "hour"}),
        "invalid_event",
    ),
    "a name with an accent": (data(service="m\u00e9nage"), "invalid_event"),
    "an unknown currency": (data(price={"amount": "1.00", "currency": "QQQ", "per": "hour"}), "invalid_event"),
    "invalid UTF-8": (GOOD.replace(b"client-1", b"client-\xff"), "invalid_event"),
    "UTF-16": (GOOD.decode().encode("utf-16").replace(b"\n", b""), "invalid_event"),
    "a NUL in a text": (data(comment="a\0b"), "invalid_event"),
    "a NUL in an attribute": (changed(tenant="a\0b"), "invalid_event"),
    "a raw NUL": (GOOD.replace(b"client-1", b"client-\0"), "invalid_event"),
    "a lone surrogate": (data(comment="\ud800"), "invalid_event"),
    "100,000 lists in one another": (b"[" * DEEP + b"]" * DEEP, "payload_too_large"),
    "30,000 lists in one another": (b"[" * 30_000 + b"]" * 30_000, "invalid_event"),
    "a deep attribute": (spelt('"id": "bad"', '"id": "bad", "a": ' + "[" * 30_000 + "]" * 30_000), "invalid_event"),
    "a line of 10 MB": (data(comment="x" * 10_000_000), "payload_too_large"),
    "a line of 64 KiB and a byte": (b" " * (65_537 - len(GOOD)) + GOOD, "payload_too_large"),
    "the same key twice": (spelt('"id": "bad"', '"id": "bad", "id": "worse"'), "invalid_event"),
    "the same key twice, deep": (spelt(MINUTES, f'{MINUTES}, "duration_minutes": 900'), "invalid_event"),
    "an upper-case attribute": (changed(Tenant="fr"), "invalid_event"),
    "an attribute that is a list": (changed(tenant=[1]), "invalid_event"),
    "the engine's warning": (
        ndjson(
            [
                event(
                    "pro.warned",
                    "pro-1",
                    START,
                    {"ladder": "no_show", "rule": "no_show", "policy": "a@1", "figures": {}, "evidence": []},
                    id="bad",
                )
            ]
        ).rstrip(),
        "human_required",
    ),
    "the engine's source": (changed(source="mission-ledger/engine"), "human_required"),
    "a decision by the engine": (
        ndjson(
            [event("pro.suspended", "pro-1", START, {"kind": "suspension", "by": "Engine ", "reason": "x"}, id="bad")]
        ),
        "human_required",
    ),
    "an unknown mission": (ndjson([accepted("m-none", "pro-1")]).rstrip(), "unknown_mission"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_line_is_refused_alone(database: Database, tmp_path: Path, name: str) -> None:
    line, code = REFUSED[name]
    file = written(tmp_path / "history.ndjson", [GOOD, line.rstrip(), *map(json_line, [accepted("m-1", "pro-1")])])
    summary = imported(database, file)
    (entry,) = rejected(file)
    assert (entry["line"], entry["code"]) == (2, code), entry["message"]
    assert "\n" not in entry["message"]
    assert len(entry["message"]) < 1000
    assert (summary.recorded, summary.refused, summary.refused_by_code) == (2, 1, {code: 1})
    assert ids(database) == ["m-1-requested", "m-1-accepted-pro-1"]
    assert len(said(database)["events"]) == 2


def json_line(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def test_all_of_them_at_once_leave_the_rest(database: Database, tmp_path: Path) -> None:
    good = [json_line(requested(f"m-{number}", city=number % 3)) for number in range(len(REFUSED))]
    lines = [line for pair in zip(good, (line.rstrip() for line, _ in REFUSED.values()), strict=True) for line in pair]
    file = written(tmp_path / "history.ndjson", lines)
    summary = imported(database, file)
    assert (summary.recorded, summary.refused) == (len(REFUSED), len(REFUSED))
    assert [each["code"] for each in rejected(file)] == [code for _, code in REFUSED.values()]
    assert len(said(database)["events"]) == len(REFUSED)


@pytest.mark.parametrize("batch_lines", [1, 3, 1000])
def test_a_contradiction_in_the_middle_leaves_the_rest(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_lines: int
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", batch_lines)
    completed = event("mission.completed", "m-1", START, {"duration_minutes": 90}, id="done")
    again = event("mission.completed", "m-1", START, {"duration_minutes": 90}, id="done-again")
    late = event("mission.completed", "m-2", START, {"duration_minutes": 90, "pro": "pro-9"}, id="not-mine")
    for each in (completed, again, late):
        each["time"] = "2026-02-01T08:00:00Z"
    documents = [requested("m-1"), accepted("m-1", "pro-1"), accepted("m-1", "pro-2"), completed, again]
    documents += [requested("m-2"), accepted("m-2", "pro-2"), late]
    file = written(tmp_path / "history.ndjson", documents)
    imported(database, file)
    assert [(each["line"], each["code"]) for each in rejected(file)] == [
        (3, "invalid_transition"),
        (5, "already_completed"),
        (8, "not_assigned"),
    ]
    assert ids(database) == ["m-1-requested", "m-1-accepted-pro-1", "done", "m-2-requested", "m-2-accepted-pro-2"]
    with opened(database) as ledger:
        assert ledger.standing("pro-1")["cities"]["paris"]["accepted"] == 1
        assert ledger.standing("pro-2")["cities"]["paris"]["accepted"] == 1
    said(database)


def test_a_line_that_arrives_late_is_told_how_things_stood_at_its_time(database: Database, tmp_path: Path) -> None:
    given_up = event("mission.cancelled", "m-1", START, {"by": "pro"}, id="given-up")
    given_up["time"] = "2026-01-06T08:00:00Z"
    late = accepted("m-1", "pro-2")  # an hour after the request, when pro-1 held it
    file = written(tmp_path / "history.ndjson", [requested("m-1"), accepted("m-1", "pro-1"), given_up, late])
    imported(database, file)
    (entry,) = rejected(file)
    assert entry["code"] == "invalid_transition"
    assert "held by pro-1" in entry["message"]


def test_a_refused_event_leaves_no_person_known(database: Database, tmp_path: Path) -> None:
    early = requested("m-1", client="client-9", address="3 rue des Lilas")
    report = event("mission.damage_declared", "m-none", START, {"description": "a vase"}, id="damage")
    twice = requested("m-1", id="second", client="client-8", comment="third floor")
    file = written(tmp_path / "history.ndjson", [early, report, twice])
    assert imported(database, file).refused == 2
    with opened(database) as ledger:
        persons = ledger.connection.execute("SELECT person FROM ledger.person_key").fetchall()
    assert persons == [("client-9",)]
