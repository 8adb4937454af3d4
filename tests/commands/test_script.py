"""The real script, as its own process, on a real server: record, import, ask, decide, correct, prove."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from asking import ROOT, Ask

from ledger.store import embedded
from ledger.store.database import Database

MAIN = [sys.executable, "-c", "from commands.main import main; main()"]

REQUEST = (
    "client=client-3",
    "city=lyon",
    "service=cleaning",
    "starts_at=2026-03-02T09:00:00+01:00",
    "timezone=Europe/Paris",
    "duration_minutes=120",
    "price.amount=25.00",
    "price.currency=EUR",
    "price.per=hour",
)


def requested(process: Ask, mission: str, starts_at: str = "2026-03-02T09:00:00+01:00") -> None:
    request = [f"starts_at={starts_at}" if each.startswith("starts_at=") else each for each in REQUEST]
    said = process("record", "mission.requested", mission, *request, "--time", "2026-03-01")
    assert said.code == 0, said.err


def missed(process: Ask, mission: str, hour: int) -> Any:
    at = f"2026-03-02T1{hour}:00:00Z"
    requested(process, mission, at)
    process("record", "mission.accepted", mission, "pro=pro-7", "--time", f"2026-03-01T0{hour}:00:00Z")
    return process("record", "mission.no_show", mission, "reported_by=client", "--time", at, "--json")


def lines(*documents: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(each) + b"\n" for each in documents)


def wire(event_id: str, event_type: str, subject: str, when: str, **data: Any) -> dict[str, Any]:
    envelope = {"specversion": "1.0", "id": event_id, "source": "app/fr", "type": event_type, "subject": subject}
    return {**envelope, "time": when, "data": data}


PRICE = {"amount": "25.00", "currency": "EUR", "per": "hour"}


def request(mission: str) -> dict[str, Any]:
    return wire(
        f"{mission}-requested",
        "mission.requested",
        mission,
        "2026-03-01T08:00:00Z",
        client="client-3",
        city="lyon",
        service="cleaning",
        starts_at="2026-03-02T09:00:00+01:00",
        timezone="Europe/Paris",
        duration_minutes=120,
        price=PRICE,
    )


def test_recording_a_duplicate_a_conflict_and_a_refusal(process: Ask) -> None:
    requested(process, "m-1")
    accepted = ("record", "mission.accepted", "m-1", "--id", "e-1", "--source", "app", "--time", "2026-03-01T09:00:00Z")
    said = process(*accepted, "pro=pro-7", "--json")
    assert (said.code, said.json["status"], said.json["position"]) == (0, "recorded", 2)
    again = process(*accepted, "pro=pro-7", "--json")
    assert (again.code, again.json["status"], again.json["position"]) == (0, "duplicate", 2)
    assert "recorded already" in process(*accepted, "pro=pro-7").out
    other = process(*accepted, "pro=pro-8", "--json")
    assert (other.code, other.error["code"]) == (3, "idempotency_conflict")
    held = process("record", "mission.accepted", "m-1", "pro=pro-8", "--time", "2026-03-01T10:00:00Z")
    assert held.code == 1
    assert held.err.count("\n") == 1
    assert "(invalid_transition)" in held.err
    unknown = process("record", "mission.accepted", "m-1", "pro=pro-8", "colour=red", "--json")
    assert (unknown.code, unknown.error["code"]) == (1, "invalid_event")
    assert process("record", "mission.acepted", "m-1", "--json").error["code"] == "unknown_type"
    assert process("events").out.count("\n") == 2


def test_two_no_shows_exclude_and_a_person_reinstates(process: Ask) -> None:
    first, second = missed(process, "m-1", 2), missed(process, "m-2", 4)
    assert [each["type"] for each in first.json["findings"]] == ["pro.warned"]
    assert [each["type"] for each in second.json["findings"]] == ["pro.suspension_proposed", "pro.suspended"]
    why = process("why", "pro-7", "--json").json
    assert why["access"] == "excluded"
    assert [each["mission"] for each in why["evidence"]] == ["m-1", "m-2"]
    text = process("why", "pro-7").out
    assert text.startswith("pro-7 is excluded since 2 March 2026, 14:00 UTC")
    assert "2 missions were missed without having been cancelled (no-shows). The policy excludes at 2." in text
    assert [each["pro"] for each in process("standing", "--access", "excluded", "--json").json["pros"]] == ["pro-7"]
    assert "pro-7 is excluded" in process("standing", "pro-7").out
    assert len(process("warnings", "pro-7", "--json").json["warnings"]) == 1

    nameless = process("decide", "pro-7", "--reinstate", "--json")
    assert (nameless.code, nameless.error["code"]) == (1, "no_statement")
    engine = process("decide", "pro-7", "--reinstate", "--by", "engine", "--reason", "x", "--json")
    assert (engine.code, engine.error["code"]) == (1, "human_required")
    unknown = process("decide", "pro-9", "--reinstate", "--by", "A", "--reason", "x", "--json")
    assert (unknown.code, unknown.error["code"]) == (1, "unknown_pro")
    assert process("decide", "pro-7", "--reinstate", "--by", "A. Favre", "--reason", "papers seen").code == 0
    assert process("standing", "pro-7", "--json").json["access"] == "active"


def test_a_void_takes_an_event_out(process: Ask) -> None:
    missed(process, "m-1", 2)
    assert process("standing", "pro-7", "--json").json["no_shows"] == 1
    report = process("events", "--type", "mission.no_show")
    event_id = orjson.loads(report.out)["id"]
    assert process("void", event_id, "--by", "A", "--json").error["code"] == "no_statement"
    assert process("void", event_id, "--by", "A", "--reason", "wrong mission").code == 0
    assert process("standing", "pro-7", "--json").json["no_shows"] == 0
    assert process("void", "e-unknown", "--by", "A", "--reason", "x", "--json").error["code"] == "unknown_event"
    assert process("verify").code == 0


def test_an_import_lands_what_it_can(process: Ask, tmp_path: Path) -> None:
    file = tmp_path / "history.ndjson"
    good = wire("a-1", "mission.accepted", "m-1", "2026-03-01T09:00:00Z", pro="pro-7")
    bad = wire("a-2", "mission.accepted", "m-9", "2026-03-01T09:00:00Z", pro="pro-7")
    file.write_bytes(lines(request("m-1"), good, bad) + b"{not json\n")
    said = process("import", str(file), "--json")
    assert said.code == 1
    assert said.error["code"] == "lines_refused"
    (summary,) = said.json["files"]
    assert (summary["lines"], summary["recorded"], summary["refused"]) == (4, 2, 2)
    assert summary["refused_by_code"] == {"invalid_event": 1, "unknown_mission": 1}
    assert Path(summary["rejected_file"]).read_bytes().count(b"\n") == 2
    text = process("import", str(file))
    assert "0 recorded, 2 duplicates" in text.out
    assert text.err.count("\n") == 1
    stdin = process("import", "-", stdin=lines(request("m-2")))
    assert (stdin.code, stdin.err) == (0, "")
    assert "1 recorded" in stdin.out


def test_billing_and_events(process: Ask) -> None:
    requested(process, "m-1")
    process("record", "mission.accepted", "m-1", "pro=pro-7", "--time", "2026-03-01T09:00:00Z")
    process("record", "mission.completed", "m-1", "duration_minutes=90", "--time", "2026-03-02T09:30:00Z")
    document = process("billing", "--period", "2026-03", "--json").json
    assert [each["gross"] for each in document["lines"]] == ["37.50"]
    assert document["totals"]["EUR"]["commission"] == "6.75"
    assert "37.50" in process("billing", "--pro", "pro-7").out
    assert process("billing", "--period", "2026-02", "--json").json["lines"] == []
    events = [orjson.loads(line) for line in process("events", "--pro", "pro-7", "--json").out.splitlines()]
    assert [each["type"] for each in events] == ["mission.requested", "mission.accepted", "mission.completed"]
    assert [each["sequence"] for each in events] == [1, 2, 3]
    assert process("events", "--after", "#2").out.count("\n") == 1
    assert process("events", "--mission", "m-1", "--type", "mission.completed").out.count("\n") == 1


def test_a_policy_is_published_with_notice_or_by_force(process: Ask, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    preset = process("policy", "show", "--preset", "eu-2026").out
    assert "# " in preset
    version = preset.replace('version = "2026"', 'version = "2026-05"')
    start = next(line for line in version.splitlines() if line.startswith("effective_from"))
    file.write_text(version.replace(start, "effective_from = 2026-05-01T00:00:00Z"))
    assert process("policy", "lint", str(file)).code == 0
    short = process("policy", "publish", str(file), "--notified-at", "2026-04-25", "--json")
    assert (short.code, short.error["code"]) == (1, "notice_too_short")
    assert process("policy", "publish", str(file), "--notified-at", "2026-04-25", "--force").code == 0
    listed = process("policy", "list", "--json").json["policies"]
    assert [(each["policy"], each["forced"]) for each in listed] == [("mila@2018-06", False), ("eu@2026-05", True)]
    assert 'version = "2026-05"' in process("policy", "show", "eu@2026-05").out
    assert process("policy", "show", "eu@2026-05", "--json").json["policy"] == "eu@2026-05"
    assert process("rules", "no_show", "--policy", "eu@2026-05", "--json").json["policy"] == "eu@2026-05"


def test_a_voided_policy_is_shown_as_voided_and_keeps_its_name(process: Ask, tmp_path: Path) -> None:
    preset = process("policy", "show", "--preset", "mila-2018-06").out.replace("2018-06-01T", "2026-01-01T")
    file, other = tmp_path / "ours.toml", tmp_path / "other.toml"
    text = preset.replace('id = "mila"', 'id = "ours"').replace('version = "2018-06"', 'version = "2"')
    file.write_text(text)
    other.write_text(text.replace("cooldown_days = 14", "cooldown_days = 15"))
    assert file.read_text() != other.read_text()
    publish = ("policy", "publish", "--force", "--time", "2026-01-01")
    assert process(*publish, str(file), "--id", "ours-2").code == 0
    of_it = process("policy", "show", "ours@2", "--json").json
    assert (of_it["voided"], of_it["void"]) == (False, None)
    void = ("void", "ours-2", "--by", "A. Favre", "--reason", "wrong\nfile")
    assert process(*void).code == 0

    shown = process("policy", "show", "ours@2")
    assert shown.out.splitlines()[0] == r"# VOIDED by #2, A. Favre: wrong\nfile"
    assert tomllib.loads(shown.out)["version"] == "2"
    again = process("policy", "show", "ours@2", "--json").json
    assert (again["sha256"], again["voided"], again["void"]["by"]) == (of_it["sha256"], True, "A. Favre")
    default, listed = process("policy", "list", "--json").json["policies"]
    assert (default["in_force"], default["voided"]) == (True, False)
    assert (listed["policy"], listed["in_force"], listed["voided"], listed["void"]["position"]) == (
        "ours@2",
        False,
        True,
        2,
    )
    assert "voided by #2" in process("policy", "list").out
    taken = process(*publish, str(other), "--json")
    assert (taken.code, taken.error["code"]) == (1, "invalid_transition")
    assert process(*publish, str(file)).code == 0
    assert "VOIDED" not in process("policy", "show", "ours@2").out
    assert [each["in_force"] for each in process("policy", "list", "--json").json["policies"]] == [False, False, True]
    assert process("verify").code == 0


def test_lint_prints_every_fault(process: Ask, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('id = "x"\nversion = "1"\neffective_from = 2026-01-01T00:00:00Z\n[cancellation]\naverage = "4 %"\n')
    said = process("policy", "lint", str(file), "--json")
    assert (said.code, said.error["code"]) == (1, "invalid_policy")
    assert [each["path"] for each in said.json["findings"]] == ["cancellation.average"]
    assert said.error["message"] == f"1 error in {file}; such a policy is not published"
    assert process("policy", "lint", str(tmp_path / "none.toml")).code == 2


def test_rules_name_their_parameters(process: Ask) -> None:
    document = process("rules", "--json").json
    assert {each["id"] for each in document["rules"] if not each["id"].startswith("conduct.")} == {
        "no_show",
        "cancellation.rate",
        "cancellation.late",
        "rating.minimum",
        "rating.approaching",
        "rating.negative",
        "documents.expired",
    }
    rate = process("rules", "cancellation.rate", "--json").json["rules"][0]
    assert {"cancellation.average", "cancellation.maximum", "cancellation.min_accepted", "warnings.max"} <= set(
        rate["parameters"]
    )
    assert not any(path.startswith(("rating", "no_show", "billing")) for path in rate["parameters"])
    assert "« Chaque ville a un taux d'annulation maximum" in process("rules", "cancellation.rate").out


def test_status_and_verify(process: Ask) -> None:
    requested(process, "m-1")
    assert process("status", "--json").json["position"] == 1
    assert "position" in process("status").out
    proof = process("verify", "--json")
    assert (proof.code, proof.err) == (0, "")
    assert proof.json["ok"] is True


def test_the_schema_validates_what_is_recorded(process: Ask) -> None:
    schema = process("schema").json
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(request("m-1"))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(request("m-1") | {"subject": "m 1"})
    missed(process, "m-1", 2)
    for line in process("events").out.splitlines():
        validator.validate(orjson.loads(line))
    one = process("schema", "mission.accepted").json
    jsonschema.Draft202012Validator(one).validate(wire("a", "mission.accepted", "m", "2026-03-01T09:00:00Z", pro="p"))
    assert "did you mean mission.accepted?" in process("schema", "mission.acepted").err


def test_an_empty_database_is_migrated_by_command(process: Ask, new_database: Callable[..., Database]) -> None:
    url = new_database(empty=True).url
    said = process("standing", "--database", url, "--json")
    assert (said.code, said.error["code"]) == (5, "schema_missing")
    assert process("migrate", "--database", url, "--json").json["changed"] is True
    assert "already" in process("migrate", "--database", url).out
    assert process("standing", "--database", url, "--json").json["pros"] == []
    assert "CREATE TABLE" in process("migrate", "--sql").out
    assert process("migrate", "--sql", "--from", "0001", "--json").json["from"] == "0001"


def test_a_database_that_is_not_there(process: Ask) -> None:
    said = process("status", "--database", "postgresql://nobody@127.0.0.1:1/x")
    assert said.code == 5
    assert said.err.count("\n") == 1


# A shell starts what it runs in the background with Ctrl-C ignored, and children inherit that.
INTERRUPTIBLE = [
    *MAIN[:2],
    f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {MAIN[2]}",
]


def test_follow_prints_what_is_recorded_meanwhile(process: Ask, new_database: Callable[..., Database]) -> None:
    url = new_database().url
    environment = {**os.environ, "MISSION_LEDGER_DATABASE": url}
    with subprocess.Popen(
        [*INTERRUPTIBLE, "events", "--follow"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
    ) as follower:
        try:
            for mission in ("m-1", "m-2"):
                said = process("record", "mission.requested", mission, *REQUEST, "--database", url)
                assert said.code == 0
                assert follower.stdout is not None
                assert orjson.loads(follower.stdout.readline())["subject"] == mission
            follower.send_signal(signal.SIGINT)
            rest, complaint = follower.communicate(timeout=20)
        finally:
            follower.kill()
    assert (follower.returncode, rest, complaint) == (130, b"", b"")


def test_the_server_of_a_folder_is_stopped(process: Ask, folder: Path) -> None:
    assert process("status", "--database", str(folder), "--json").json["embedded"] is True
    assert embedded.running(folder)
    assert process("stop", "--database", str(folder), "--json").json == {"folder": str(folder), "stopped": True}
    assert not embedded.running(folder)
    assert "no server runs" in process("stop", "--database", str(folder)).out
    assert process("stop", "--database", str(folder / "none")).code == 0
    assert not (folder / "none").exists()


@pytest.fixture
def temporary(folder: Path) -> Path:
    """A place for temporary folders that the server's own user can reach."""
    folder.chmod(0o755)
    return folder


def test_the_demo_leaves_nothing_behind(process: Ask, temporary: Path) -> None:
    said = process("demo", env={"TMPDIR": str(temporary)})
    assert (said.code, said.err) == (0, "")
    assert "pro-bruno is suspended since" in said.out
    assert "5 of 48 accepted missions in lyon were cancelled" in said.out
    assert "CHF" in said.out
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.0, 0.4, 1.2])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_nothing_behind(temporary: Path, seconds: float, sent: signal.Signals) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [*MAIN, "demo"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    ) as process:
        until = time.monotonic() + 30
        while not list(temporary.glob("*/mission-ledger.lock")) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(seconds)
        process.send_signal(sent)
        _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (130, b"")
    assert list(temporary.iterdir()) == []


def test_a_demo_that_is_kept(process: Ask, folder: Path) -> None:
    place = folder / "kept"
    folder.chmod(0o755)
    try:
        document = process("demo", "--keep", str(place), "--json").json
        assert len(document["recording"]["refused"]) == 5
        assert process("standing", "pro-chloe", "--database", str(place), "--json").json["access"] == "excluded"
        assert process("demo", "--keep", str(place)).code == 2
    finally:
        embedded.stop(place)
