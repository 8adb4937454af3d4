"""timeline, damage, proposals and events from the command line: tables for people, JSON for programs, refusals."""

from __future__ import annotations

import io
from typing import Any

import pytest
from asking import AnsweringLedger, Ask
from rich.console import Console

from commands import tables
from commands.screen import Screen
from commands.tables import Column

REQUEST = {
    "client": "client-3",
    "city": "lyon",
    "service": "cleaning",
    "starts_at": "2026-03-02T09:00:00+01:00",
    "timezone": "Europe/Paris",
    "duration_minutes": "120",
    "price.amount": "25.00",
    "price.currency": "EUR",
    "price.per": "hour",
}


def told(script: Ask, event_type: str, subject: str, time: str, **data: Any) -> None:
    pairs = [f"{name}={value}" for name, value in data.items()]
    said = script("record", event_type, subject, *pairs, "--time", time)
    assert said.code == 0, said.err


def accepted(script: Ask, mission: str, pro: str) -> None:
    told(script, "mission.requested", mission, "2026-03-01", **REQUEST)
    told(script, "mission.accepted", mission, "2026-03-01T08:00:00Z", pro=pro)


def test_a_timeline_in_both_orders_and_as_json(script: Ask) -> None:
    told(script, "mission.requested", "m-1", "2026-03-01", **REQUEST)
    told(script, "mission.completed", "m-1", "2026-03-02T11:00:00Z", duration_minutes=90)
    told(script, "mission.accepted", "m-1", "2026-03-01T08:00:00Z", pro="pro-7")
    accepted(script, "m-2", "pro-8")
    said = script("timeline", "m-1")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == "Mission m-1: 3 events up to #5"
    assert [line[:3] for line in lines if line.startswith("#")] == ["#1 ", "#2 ", "#3 "]
    assert "cleared up: #2" in said.out
    assert said.out.count(" late  accepted by pro-7") == 1
    occurred = script("timeline", "m-1", "--order", "occurred").out.splitlines()
    assert [line[:3] for line in occurred if line.startswith("#")] == ["#1 ", "#3 ", "#2 "]
    document = script("timeline", "pro-7", "--json").json
    assert (document["kind"], document["position"], len(document["entries"])) == ("pro", 5, 3)
    assert document["entries"][-1]["changes"][-1] == {
        "what": "cancellation_percent",
        "city": "lyon",
        "pro": None,
        "about": None,
        "before": None,
        "after": "0.00",
    }
    assert script("verify").code == 0


def test_a_long_timeline_shows_its_end(script: Ask) -> None:
    accepted(script, "m-1", "pro-7")
    for minute in range(45):
        told(script, "mission.delayed", "m-1", f"2026-03-02T07:{minute:02d}:00Z", minutes=5)
    accepted(script, "m-2", "pro-8")
    said = script("timeline", "m-1").out
    assert "47 events" in said
    assert "7 earlier events left out; --all prints them" in said
    assert sum(line.startswith("#") for line in said.splitlines()) == 40
    assert sum(line.startswith("#") for line in script("timeline", "m-1", "--all").out.splitlines()) == 47
    assert len(script("timeline", "m-1", "--json").json["entries"]) == 47


def test_a_name_nobody_mentioned(script: Ask) -> None:
    accepted(script, "x", "x")
    for arguments, code in (
        (("timeline", "nobody"), "unknown_pro"),
        (("timeline", "m-1", "--mission"), "unknown_mission"),
        (("timeline", "x-1", "--pro"), "unknown_pro"),
        (("events", "--pro", "nobody"), "unknown_pro"),
        (("events", "--mission", "nobody"), "unknown_mission"),
        (("events", "--pro", "nobody", "--follow"), "unknown_pro"),
        (("damage", "--pro", "nobody"), "unknown_pro"),
        (("damage", "--mission", "nobody"), "unknown_mission"),
        (("proposals", "--pro", "nobody"), "unknown_pro"),
    ):
        said = script(*arguments)
        assert (said.code, said.out, said.err.count("\n")) == (1, "", 1), arguments
        assert said.err.endswith(f"({code})\n"), said.err
        assert script(*arguments, "--json").error["code"] == code
    said = script("timeline", "x", "--json")
    assert (said.code, said.error["code"]) == (2, "ambiguous_subject")
    assert script("timeline", "x", "--pro").out.startswith("Pro x:")
    assert script("timeline", "x", "--mission").out.startswith("Mission x:")
    assert script("timeline", "x", "--pro", "--mission").code == 2
    assert script("events", "--pro", "x", "--type", "mission.rated").out == ""


def test_a_mistyped_event_type_is_answered_with_the_one_meant(script: Ask) -> None:
    for arguments in (("events", "--type", "mission.acepted"), ("record", "mission.acepted", "m-1", "pro=pro-7")):
        said = script(*arguments)
        assert "did you mean mission.accepted?" in said.err
        assert said.err.endswith("(unknown_type)\n")
    said = script("events", "--type", "birthday")
    assert "did you mean" not in said.err
    assert "schema` lists them" in said.err


def test_damage_files(script: Ask) -> None:
    for mission, pro in (("m-1", "pro-7"), ("m-2", "pro-8")):
        accepted(script, mission, pro)
        told(script, "mission.damage_declared", mission, "2026-03-07T09:00:00Z", description="a vase")
    told(script, "mission.damage_document_added", "m-1", "2026-03-07T10:00:00Z", kind="sworn_statement", reference="f")
    for kind in ("sworn_statement", "no_other_insurance"):
        told(script, "mission.damage_document_added", "m-2", "2026-03-07T10:00:00Z", kind=kind, reference="f")
    out = script("damage").out
    assert "late: due 2026-03-05 10:00" in out
    assert "complete" in out
    assert "vase" not in out
    assert out.endswith("2 damage files; up to #9\n")
    assert "1 incomplete damage file; up to #9" in script("damage", "--incomplete").out
    (file,) = script("damage", "--incomplete", "--json").json["files"]
    assert (file["mission"], file["missing"], file["late"]) == ("m-1", ["no_other_insurance"], True)
    assert script("damage", "--pro", "pro-8", "--incomplete").out == "0 incomplete damage files; up to #9\n"


PROPOSAL: dict[str, Any] = {
    "event": "suspension_proposed-41",
    "pro": "pro-7",
    "rule": "cancellation.rate",
    "kind": "suspension",
    "policy": "eu@2026",
    "time": "2026-03-20T06:40:00Z",
    "recorded": "2026-03-20T06:40:02Z",
    "position": 41,
    "figures": {"city": "lyon", "accepted": 48, "cancelled": 5, "no_shows": 0, "rate": "5/48", "percent": "10.42"},
    "evidence": list(range(1, 54)),
    "waiting_days": 12,
}


def test_proposals_say_what_to_type(ask: Ask, answering: AnsweringLedger) -> None:
    other = {**PROPOSAL, "pro": "pro-8", "rule": "no_show", "figures": {"no_shows": 2}, "kind": "exclusion"}
    answering.answers["proposals"] = {"position": 99, "proposals": [PROPOSAL, other]}
    said = ask("proposals")
    assert "lyon: 5 of 48 = 10.42 %" in said.out
    assert "2 no-shows" in said.out
    assert (
        "  mission-ledger decide pro-7 --suspend --rule cancellation.rate --by NAME --reason TEXT   (or --dismiss)\n"
        "  mission-ledger decide pro-8 --suspend --rule no_show --by NAME --reason TEXT   (or --dismiss)\n"
    ) in said.out
    assert said.out.endswith("2 open proposals; up to #99\n")
    assert "--database '/tmp/a b'   (or" in ask("proposals", "--database", "/tmp/a b").out
    assert ask("proposals", "--json").json == answering.answers["proposals"]
    answering.answers["proposals"] = {"position": 99, "proposals": []}
    assert ask("proposals").out == "0 open proposals; up to #99\n"


def test_claims_say_what_to_type_and_it_is_taken(script: Ask) -> None:
    for mission in ("m-1", "m-2"):
        accepted(script, mission, "pro-7")
        told(script, "mission.checked_in", mission, "2026-03-02T08:00:00Z")
        told(script, "mission.no_show", mission, "2026-03-02T09:00:00Z", reported_by="client")
    for number in (1, 2):
        script("record", "pro.conduct_reported", "pro-7", "ground=profanity", "by=client-3", "--id", f"r-{number}")

    said = script("proposals").out
    assert said.endswith("0 open proposals, 2 reports of conduct, 2 no-shows; up to #10\n")
    assert "client-3" not in said
    assert "mission-ledger record pro.conduct_confirmed pro-7 report=r-1" in script("why", "pro-7").out
    typed = [each.strip().partition("   (or ") for each in said.splitlines() if "mission-ledger record" in each]
    assert len(typed) == 4
    for number, (line, _, other) in enumerate(typed):
        _, _, confirming, *words = line.split()
        assert script("record", other[:-1] if number % 2 else confirming, *words).code == 0
    answer = script("proposals", "--json").json
    assert (answer["reports"], answer["no_shows"]) == ([], [])
    assert "To decide" not in script("proposals").out


def test_what_a_proposal_says_to_type_is_taken(script: Ask, tmp_path: Any) -> None:
    policy = script("policy", "show", "--preset", "mila-2018-06").out
    file = tmp_path / "human.toml"
    file.write_text(policy.replace('decision = "automatic"', 'decision = "human"').replace('"2018-06"', '"human"'))
    said = script("policy", "publish", str(file), "--force", "--time", "2018-06-02")
    assert said.code == 0, said.err
    for mission in ("m-1", "m-2"):
        accepted(script, mission, "pro-7")
        told(script, "mission.no_show", mission, "2026-03-02T09:00:00Z", reported_by="client")
    (proposal,) = script("proposals", "--json").json["proposals"]
    assert (proposal["pro"], proposal["rule"], proposal["kind"]) == ("pro-7", "no_show", "exclusion")
    assert proposal["waiting_days"] > 0
    (line,) = [each for each in script("proposals").out.splitlines() if "ledger decide" in each]
    words = line.partition("(or")[0].split()
    assert words[0] == "mission-ledger"
    assert script(*words[1:]).code == 0
    assert script("proposals", "--json").json["proposals"] == []
    assert script("verify").code == 0


@pytest.mark.parametrize("text", ["short", "with blanks inside", "é\u00a0"])
def test_no_blanks_at_the_ends_of_lines_in_a_pipe(text: str) -> None:
    file = io.StringIO()
    tables.show(
        Screen(file, Console(file=file, width=200)),
        (Column(title="name"), Column(title="what")),
        [("a", text), ("b", "")],
    )
    lines = file.getvalue().splitlines()
    assert len(lines) == 4
    assert not any(line.endswith(" ") for line in lines)
    assert lines[2] == f"a     {text}"
