"""Errors: one line on stderr or one JSON document, and the exit code of the contract."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
import pytest
from asking import ROOT, Ask

from commands.main import run
from commands.session import Session
from ledger.errors import Conflict, DatabaseUnusable, IntegrityBroken, LedgerError, Misused, Refused


def failing(error: BaseException) -> Session:
    @contextmanager
    def opened(database: str | None) -> Any:
        raise error
        yield

    return Session(opener=opened)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("unknown_pro", "no event mentions pro-9", pro="pro-9"), 1),
        (Misused("unknown_policy", "x"), 2),
        (Conflict("idempotency_conflict", "x"), 3),
        (IntegrityBroken("integrity_broken", "x"), 4),
        (DatabaseUnusable("database_unusable", "x"), 5),
        (psycopg.errors.DiskFull("no space left"), 5),
        (psycopg.OperationalError("server closed the connection"), 5),
        (psycopg.errors.SerializationFailure("try again"), 3),
        (OSError(28, "No space left on device"), 1),
        (ZeroDivisionError("boom"), 1),
        (psycopg.errors.UniqueViolation("duplicate key"), 1),
    ],
)
def test_exit_codes_and_one_line(capsys: pytest.CaptureFixture[str], error: BaseException, code: int) -> None:
    assert run(["standing", "pro-9"], failing(error)) == code
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert line.startswith("mission-ledger: ")
    assert "Traceback" not in line
    assert run(["standing", "pro-9", "--json"], failing(error)) == code
    said = capsys.readouterr()
    assert said.out == ""
    document = orjson.loads(said.err)
    assert set(document["error"]) >= {"code", "message"}


def test_details_of_a_refusal_are_in_its_document(capsys: pytest.CaptureFixture[str]) -> None:
    run(["why", "pro-9", "--json"], failing(Refused("unknown_pro", "no event mentions pro-9", pro="pro-9")))
    assert orjson.loads(capsys.readouterr().err) == {
        "error": {"code": "unknown_pro", "message": "no event mentions pro-9", "pro": "pro-9"}
    }


def test_an_internal_error_says_how_to_report_it(capsys: pytest.CaptureFixture[str]) -> None:
    run(["status"], failing(ZeroDivisionError("two\nlines \x1b[31m")))
    line = capsys.readouterr().err
    assert "internal error, please report it: ZeroDivisionError: two\\nlines \\x1b[31m" in line
    assert line.count("\n") == 1


def test_a_traceback_only_when_asked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISSION_LEDGER_DEBUG", "1")
    run(["status"], failing(ZeroDivisionError("boom")))
    assert "Traceback" in capsys.readouterr().err


def test_interruption_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status"], failing(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_who_left_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["status"], failing(BrokenPipeError())) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["standng"], "did you mean standing?"),
        (["policy", "lits"], "did you mean list?"),
        (["xyzzy"], "mission-ledger --help lists the commands"),
        (["standing", "--acces", "active"], "--access"),
        (["standing", "--access", "gone"], "gone"),
        (["standing", "a", "b"], "mission-ledger standing --help"),
        (["standing", "a", "--access", "active"], "--access filters the table of all pros"),
        (["why"], "PRO"),
        (["record", "mission.accepted"], "SUBJECT"),
        (["record", "mission.accepted", "m-1", "pro"], "key=value"),
        (["record", "mission.accepted", "m-1", "--time", "yesterday"], "2026-03-02T09:00:00+01:00"),
        (["record", "mission.accepted", "m-1", "--data", "[1]"], "JSON object"),
        (["import", "no-such-file.ndjson"], "no-such-file.ndjson"),
        (["billing", "--period", "2026-13"], "2026-03"),
        (["billing", "--period", "202603"], "2026-03"),
        (["events", "--after", "-4"], "position"),
        (["events", "--after", "99999999999999999999"], "position"),
        (["decide", "pro-1", "--by", "A"], "exactly one of"),
        (["decide", "pro-1", "--suspend", "--dismiss"], "exactly one of"),
        (["decide", "pro-1", "--dismiss", "--kind", "exclusion"], "--kind belongs to --suspend"),
        (["policy", "show", "x", "--preset", "eu-2026"], "not both"),
        (["policy", "show", "--preset", "eu-2025"], "eu-2026"),
        (["migrate", "--from", "0001"], "goes with --sql"),
        (["stop", "--database", "postgresql://db.example/x"], "only the embedded server"),
        (["rules", "no_shows"], "did you mean no_show?"),
        (["standing", "pro-\udcff"], "not UTF-8"),
    ],
)
def test_usage_errors_are_one_line_and_exit_2(ask: Ask, arguments: list[str], told: str) -> None:
    said = ask(*arguments)
    assert said.code == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    in_json = ask(*arguments, "--json")
    assert in_json.code == 2
    assert set(in_json.error) >= {"code", "message"}


def test_a_naive_time_is_refused_with_its_code(ask: Ask) -> None:
    said = ask("record", "mission.accepted", "m-1", "pro=p-1", "--time", "2026-03-02T09:00:00", "--json")
    assert (said.code, said.error["code"]) == (1, "naive_timestamp")


def _shell(command: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHON": sys.executable, **variables}
    return subprocess.run(["bash", "-c", command], capture_output=True, cwd=ROOT, env=environment, check=False)


SCHEMA = '"$PYTHON" -c "from commands.main import main; main()" schema'


def test_a_real_pipe_that_is_closed() -> None:
    done = _shell(f"set -o pipefail; for i in 1 2 3; do {SCHEMA}; done | head -c 10")
    assert done.stderr == b""


def test_a_full_disk_is_one_line() -> None:
    done = _shell(f"{SCHEMA} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"No space left on device" in done.stderr


def test_closed_streams_do_no_harm() -> None:
    assert _shell(f"{SCHEMA} >&-").returncode == 0
    assert _shell('"$PYTHON" -c "from commands.main import main; main()" nonsense 2>&-').returncode == 2


def test_every_error_class_has_a_distinct_exit_code() -> None:
    codes = [each.exit_code for each in (Refused, Misused, Conflict, IntegrityBroken, DatabaseUnusable)]
    assert codes == [1, 2, 3, 4, 5]
    assert all(issubclass(each, LedgerError) for each in (Refused, Misused, Conflict))
