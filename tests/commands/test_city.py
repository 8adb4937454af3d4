"""`city` as its own process: bounds given, computed, listed and shown; tables for people, documents for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from asking import Ask

PUBLISH = ("--average", "0.04", "--maximum", "0.06", "--minimum-rating", "4.20")


def wire(event_id: str, event_type: str, subject: str, **data: Any) -> bytes:
    envelope = {"specversion": "1.0", "id": event_id, "source": "app/fr", "type": event_type, "subject": subject}
    return orjson.dumps({**envelope, "time": "2026-03-01T08:00:00Z", "data": data}) + b"\n"


def mission(city: str, pro: str, number: int, *, cancelled: bool) -> bytes:
    name = f"{city}-{pro}-{number}"
    request = {
        "client": "client-3",
        "city": city,
        "service": "cleaning",
        "starts_at": "2026-03-20T09:00:00+01:00",
        "timezone": "Europe/Paris",
        "duration_minutes": 120,
        "price": {"amount": "25.00", "currency": "EUR", "per": "hour"},
    }
    lines = wire(f"{name}-r", "mission.requested", name, **request) + wire(
        f"{name}-a", "mission.accepted", name, pro=pro
    )
    return lines + (wire(f"{name}-c", "mission.cancelled", name, by="pro") if cancelled else b"")


@pytest.fixture
def month(script: Ask, tmp_path: Path) -> Ask:
    """Eleven pros in lyon with 2 of 44 cancelled, one in paris with 0 of 4."""
    file = tmp_path / "month.ndjson"
    lyon = [mission("lyon", f"p-{each}", n, cancelled=each < 2 and n == 0) for each in range(11) for n in range(4)]
    file.write_bytes(b"".join([*lyon, *(mission("paris", "p-x", n, cancelled=False) for n in range(4))]))
    said = script("import", str(file))
    assert said.code == 0, said.err
    return script


def test_compute_says_what_it_would_record_and_then_records_it(month: Ask) -> None:
    dry = month("city", "compute", "--at", "2026-04-01", "--dry-run", "--json")
    assert (dry.code, dry.err) == (0, "")
    assert (dry.json["dry_run"], dry.json["at"], dry.json["policy"]) == (True, "2026-04-01T00:00:00Z", "mila@2018-06")
    lyon, paris = dry.json["cities"]
    assert lyon == {
        "city": "lyon",
        "average_cancellation_rate": "0.045454545455",  # 2/44 rounded up
        "maximum_cancellation_rate": "0.068181818183",
        "minimum_rating": "4.20",
        "minimum_rating_from": "policy",
        "source": "city",
        "pros": 11,
        "counted": 2,
        "accepted": 44,
        "period": "2026-01-01/2026-04-01",
        "own": {"pros": 11, "accepted": 44, "counted": 2},
        "min_pros": 10,
        "position": None,
        "event": None,
    }
    assert (paris["source"], paris["counted"], paris["accepted"]) == ("national", 2, 48)
    assert month("events", "--type", "city.baseline_published").out == ""

    done = month("city", "compute", "--at", "2026-04-01", "--source", "ops", "--json")
    assert done.code == 0, done.err
    positions = [each["position"] for each in done.json["cities"]]
    recorded = [orjson.loads(line) for line in month("events", "--type", "city.baseline_published").out.splitlines()]
    assert [(each["subject"], each["sequence"], each["source"]) for each in recorded] == [
        ("lyon", positions[0], "ops"),
        ("paris", positions[1], "ops"),
    ]
    assert recorded[0]["recordedtime"] == recorded[1]["recordedtime"]  # one commit
    assert recorded[1]["data"] == {
        "average_cancellation_rate": "0.041666666667",
        "maximum_cancellation_rate": "0.062500000001",
        "minimum_rating": "4.20",
        "pros": 12,
        "period": "2026-01-01/2026-04-01 national",
        "counted": 2,
        "accepted": 48,
        "computed_from": "national",
    }
    assert month("verify").code == 0


def test_the_tables_people_read(month: Ask) -> None:
    said = month("city", "compute", "lyon", "paris", "--at", "2026-04-01", "--dry-run")
    assert said.code == 0, said.err
    assert "2/44" in said.out
    assert "4.5454545455 %" in said.out
    assert "paris has 1 pro of its own, fewer than 10: the national figures serve" in said.out
    assert "nothing recorded (--dry-run); mila@2018-06, up to 1 April 2026, 00:00 UTC" in said.out
    said = month("city", "compute", "lyon", "--at", "2026-04-01", "--source", "ops")
    assert "recorded #" in said.out
    assert "lyon (source ops)" in said.out
    listed = month("city", "list").out
    assert [line.split()[0] for line in listed.splitlines()[2:4]] == ["lyon", "paris"]
    assert "policy in force mila@2018-06" in listed
    assert "city" in listed.splitlines()[2].split()
    assert "policy" in listed.splitlines()[3].split()


def test_bounds_that_a_person_gives(script: Ask) -> None:
    said = script("city", "publish", "lyon", *PUBLISH, "--pros", "112", "--period", "2026-Q1", "--json")
    assert (said.code, said.json["status"], said.json["position"]) == (0, "recorded", 1)
    assert said.json["event"]["data"] == {
        "average_cancellation_rate": "0.04",
        "maximum_cancellation_rate": "0.06",
        "minimum_rating": "4.20",
        "pros": 112,
        "period": "2026-Q1",
    }
    assert "city.baseline_published lyon recorded" in script("city", "publish", "lyon", *PUBLISH).out
    shown = script("city", "show", "lyon", "--json").json
    assert [each["position"] for each in shown["published"]] == [1, 2]
    assert (shown["in_force"]["position"], shown["in_force"]["source"], shown["in_force"]["pros"]) == (2, "given", 0)
    assert "4.00 %" in script("city", "show", "lyon").out
    assert script("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("publish", "lyon", "--average", "0.07", "--maximum", "0.06", "--minimum-rating", "4.2"), 1, "invalid_event"),
        (("publish", "lyon", "--average", "4 %", "--maximum", "0.06", "--minimum-rating", "4.2"), 1, "invalid_event"),
        (("publish", "lyon", "--average", "0.04", "--maximum", "0.06", "--minimum-rating", "7"), 1, "invalid_event"),
        (("publish", "l yon", *PUBLISH), 1, "invalid_event"),
        (("publish", "lyon", "--average", "0.04"), 2, "usage"),
        (("compute",), 1, "no_figures"),
        (("compute", "gotham"), 1, "unknown_city"),
        (("show", "gotham"), 1, "unknown_city"),
        (("compute", "--at", "2026-04-01T00:00:00"), 1, "naive_timestamp"),
        (("compute", "--at", "#1"), 2, "unknown_position"),
    ],
)
def test_what_is_refused(script: Ask, arguments: tuple[str, ...], exit_code: int, code: str) -> None:
    said = script("city", *arguments, "--json")
    assert (said.code, said.error["code"], said.out) == (exit_code, code, "")
    plain = script("city", *arguments)
    assert plain.err.count("\n") == 1
