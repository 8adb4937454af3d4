"""Importing again: duplicates write nothing, mended lines go in, batches of any size give the same ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commands import import_command
from ledger.store.database import Database
from projections.import_runs import ImportSummary
from tests.importing.histories import START, accepted, event, history, ndjson, requested, written
from tests.importing.ledgers import ids, imported, opened, position, rejected, row_versions, said


@pytest.mark.parametrize("batch_lines", [7, 100_000])
def test_a_second_run_finds_only_duplicates_and_writes_nothing(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_lines: int
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", batch_lines)
    good = [each for each in history(60) if "early" not in each["id"]]
    first = imported(database, written(tmp_path / "first.ndjson", good))
    refused = {json.dumps(each["event"]) for each in rejected(tmp_path / "first.ndjson")}
    file = written(tmp_path / "clean.ndjson", [each for each in good if json.dumps(each) not in refused])
    clean = imported(database, file)
    assert (clean.recorded, clean.refused, clean.findings) == (0, 0, 0)
    assert clean.duplicates == clean.lines == first.recorded + first.duplicates
    before = row_versions(database)
    again = imported(database, file)
    assert (again.recorded, again.duplicates, again.refused) == (0, clean.duplicates, 0)
    assert again.position == first.position
    assert not Path(f"{file}.rejected.ndjson").exists()
    assert row_versions(database) == before


def test_a_second_run_over_refused_lines_changes_nothing_in_the_ledger(database: Database, tmp_path: Path) -> None:
    documents = [each for each in history(60) if "early" not in each["id"]]
    file = written(tmp_path / "h.ndjson", documents)
    imported(database, file)
    before, refused = row_versions(database), rejected(file)
    again = imported(database, file)
    assert (again.recorded, again.refused) == (0, len(refused))
    assert [(each["line"], each["code"]) for each in rejected(file)] == [
        (each["line"], each["code"]) for each in refused
    ]
    after = row_versions(database)
    assert before.pop("ledger.import_run") != []
    after.pop("ledger.import_run")
    assert after == before


def test_a_refused_line_keeps_its_place_and_its_text(database: Database, tmp_path: Path) -> None:
    strange = b'{"type":"mission.accepted","note":"\xc3\xa9t\xc3\xa9"}'
    lines = [requested("m-1"), b"\xff\xfe", b"", strange, b"x" * 70_000]
    file = written(tmp_path / "h.ndjson", lines)
    summary = imported(database, file)
    assert summary.rejected_path == f"{file}.rejected.ndjson"
    first, second, third = rejected(file)
    assert [each["line"] for each in (first, second, third)] == [2, 4, 5]
    assert first["raw"] == "\ufffd\ufffd"
    assert second["event"] == json.loads(strange)
    assert third["code"] == "payload_too_large"
    assert third["raw"] == "x" * 2000


def test_refused_lines_are_imported_again_once_mended(database: Database, tmp_path: Path) -> None:
    early, wrong = accepted("m-1", "pro-1"), accepted("m-2", "pro-1")
    wrong["data"]["pro"] = 7
    file = written(tmp_path / "h.ndjson", [early, requested("m-1"), requested("m-2"), wrong])
    imported(database, file)
    beside = Path(f"{file}.rejected.ndjson")
    assert [each["code"] for each in rejected(file)] == ["unknown_mission", "invalid_event"]
    mended = written(tmp_path / "mended.ndjson", [beside.read_bytes().replace(b'"pro":7', b'"pro":"pro-7"').rstrip()])
    assert imported(database, mended).recorded == 2
    assert rejected(mended) == []
    again = imported(database, file)  # the early one is known now; the wrong one is still as wrong as it was
    assert (again.recorded, again.duplicates) == (0, 3)
    assert [(each["line"], each["code"]) for each in rejected(file)] == [(4, "invalid_event")]


def test_the_file_of_an_earlier_run_goes_when_nothing_is_refused_any_more(database: Database, tmp_path: Path) -> None:
    file = written(tmp_path / "h.ndjson", [b"broken", requested("m-1")])
    imported(database, file)
    assert len(rejected(file)) == 1
    written(file, [requested("m-1"), accepted("m-1", "pro-1")])
    assert imported(database, file).rejected_path is None
    assert not Path(f"{file}.rejected.ndjson").exists()


def spelt(document: dict[str, Any], *, minutes: str = "90", reverse: bool = False) -> bytes:
    pairs = list(document.items())
    text = json.dumps(dict(reversed(pairs) if reverse else pairs), separators=(", ", " : ") if reverse else None)
    return text.replace('"duration_minutes": 90', f'"duration_minutes": {minutes}').encode()


COMPLETED = event("mission.completed", "m-1", START, {"duration_minutes": 90}, id="done")
COMPLETED["time"] = "2026-02-01T08:00:00Z"
OTHER_SPELLINGS = [
    spelt(COMPLETED),
    spelt(COMPLETED, reverse=True),
    spelt(COMPLETED, minutes="90.0"),
    spelt(COMPLETED, minutes="9e1"),
    spelt(COMPLETED, minutes="900E-1"),
    spelt(COMPLETED | {"sequence": 99, "recordedtime": "2026-02-01T08:00:00Z"}),
    b"  " + spelt(COMPLETED) + b"\t\r",
    spelt(COMPLETED).replace(b"m-1", b"m\\u002d1"),
]
OTHER_CONTENTS = [
    spelt(COMPLETED, minutes="91"),
    spelt(COMPLETED | {"time": "2026-02-01T08:00:00.000001Z"}),
    spelt(COMPLETED | {"subject": "m-2"}),
    spelt(COMPLETED | {"tenant": "fr"}),
    spelt(COMPLETED | {"type": "mission.accepted", "data": {"pro": "pro-1"}}),
    spelt(COMPLETED | {"data": {"duration_minutes": 90, "ended_at": "2026-02-01T08:00:00Z"}}),
]


def in_one_batch(database: Database, tmp_path: Path, lines: list[Any]) -> list[dict[str, Any]]:
    file = written(tmp_path / "h.ndjson", lines)
    imported(database, file)
    return rejected(file)


def one_by_one(database: Database, tmp_path: Path, lines: list[Any]) -> list[dict[str, Any]]:
    entries = []
    for number, line in enumerate(lines):
        file = written(tmp_path / f"h-{number}.ndjson", [line])
        imported(database, file)
        entries += rejected(file)
    return entries


Way = Callable[[Database, Path, list[Any]], list[dict[str, Any]]]
BEFORE = [requested("m-1"), requested("m-2"), accepted("m-1", "pro-1")]


@pytest.mark.parametrize("way", [in_one_batch, one_by_one])
def test_other_spellings_are_the_same_event(database: Database, tmp_path: Path, way: Way) -> None:
    assert way(database, tmp_path, [*BEFORE, *OTHER_SPELLINGS]) == []
    assert position(database) == 4
    assert len(said(database)["events"]) == 4


@pytest.mark.parametrize("first", [0, 2])
@pytest.mark.parametrize("way", [in_one_batch, one_by_one])
def test_other_contents_under_its_id_are_conflicts(database: Database, tmp_path: Path, way: Way, first: int) -> None:
    entries = way(database, tmp_path, [*BEFORE, OTHER_SPELLINGS[first], *OTHER_CONTENTS])
    assert [each["code"] for each in entries] == ["idempotency_conflict"] * len(OTHER_CONTENTS)
    assert "#4" in entries[0]["message"]
    told = [re.findall(r"digest ([0-9a-f]{12}), this one ([0-9a-f]{12})", each["message"]) for each in entries]
    assert all(len(pair) == 1 and len(set(pair[0])) == 2 for pair in told), "both digests are shown"
    assert position(database) == 4


def test_the_same_id_of_another_source_is_another_event(database: Database, tmp_path: Path) -> None:
    rejections = in_one_batch(
        database, tmp_path, [requested("m-1", id="e"), {**requested("m-2", id="e"), "source": "b"}]
    )
    assert rejections == []
    assert ids(database) == ["e", "e"]


def test_an_id_that_was_refused_is_free(database: Database, tmp_path: Path) -> None:
    wrong = accepted("m-1", "pro-1", id="a")
    lines = [requested("m-1"), accepted("m-1", "pro-2"), wrong, accepted("m-2", "pro-1", id="a")]
    entries = in_one_batch(database, tmp_path, [requested("m-2"), *lines])
    assert [each["code"] for each in entries] == ["invalid_transition"]
    assert ids(database)[-1] == "a"


def test_batches_of_any_size_give_the_same_ledger(
    new_database: Callable[..., Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = history(150)
    ledgers, files = [], []
    for batch_lines in (1, 7, 1000):
        monkeypatch.setattr("projections.importing.BATCH_LINES", batch_lines)
        database = new_database()
        file = written(tmp_path / f"by-{batch_lines}.ndjson", documents)
        summary = imported(database, file)
        assert summary.refused > 0 < summary.findings
        assert summary.duplicates > 0
        ledgers.append(said(database))
        files.append(rejected(file))
    assert ledgers[0] == ledgers[1] == ledgers[2]
    assert files[0] == files[1] == files[2]


def test_a_file_that_grew_is_imported_further(database: Database, tmp_path: Path) -> None:
    documents = history(20)
    file = tmp_path / "h.ndjson"
    file.write_bytes(ndjson(documents[:40]))
    imported(database, file)
    file.write_bytes(ndjson(documents))
    whole = imported(database, file)
    assert whole.resumed_at == 0
    assert whole.lines == len(documents)
    with opened(database) as ledger:
        assert ledger.position() == whole.position
    said(database)


def test_lines_are_those_that_hold_something_and_the_speed_is_that_of_those_read_in_this_run() -> None:
    document = import_command._document(
        "h", ImportSummary(lines=104, recorded=30, duplicates=60, refused=10, resumed_at=64, seconds=2.0)
    )
    assert (document["lines"], document["resumed_at"], document["events_per_second"]) == (100, 64, 20)


def test_what_is_refused_again_is_wrapped_once_and_can_be_mended_still(database: Database, tmp_path: Path) -> None:
    misspelt = {**requested("m-1"), "type": "mission.requsted"}
    imported(database, written(tmp_path / "h.ndjson", [misspelt, b"not an event"]))
    again = tmp_path / "h.ndjson.rejected.ndjson"
    first = rejected(tmp_path / "h.ndjson")
    imported(database, again)
    second = rejected(again)
    assert [{**each, "line": 0} for each in second] == [{**each, "line": 0} for each in first]
    mended = [{**each, "event": requested("m-1")} if "event" in each else each for each in second]
    summary = imported(database, written(tmp_path / "mended.ndjson", mended))
    assert (summary.recorded, summary.refused) == (1, 1)
