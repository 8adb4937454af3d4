"""Where lines come from: plain and compressed files, CSV with local times, standard input."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard

from ledger.errors import Misused
from ledger.store.database import Database
from tests.importing.histories import accepted, history, ndjson, requested, written
from tests.importing.ledgers import ids, imported, opened, rejected, said

HEADER = "type,subject,time,id,source,timezone,pro,client,city,service,starts_at,duration_minutes,price.amount,"
HEADER += "price.currency,price.per,by,stars,comment\n"


def csv(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


def request_row(mission: str, starts_at: str, *, time: str = "2026-01-05T08:00:00Z", zone: str = "Europe/Paris") -> str:
    money = "31.50,EUR,hour"
    return f"mission.requested,{mission},{time},{mission},app/fr,{zone},,c-1,paris,cleaning,{starts_at},90,{money},,,"


def stream_of(content: bytes) -> Any:
    """Something that stands for `sys.stdin`."""
    return io.TextIOWrapper(io.BytesIO(content))


@pytest.mark.parametrize("name", ["h.ndjson", "h.ndjson.gz", "h.ndjson.zst", "h.gz", "no-suffix"])
def test_however_it_is_packed_it_is_the_same_history(database: Database, tmp_path: Path, name: str) -> None:
    documents = history(20)
    content = ndjson(documents)
    if name.endswith(".gz"):
        content = gzip.compress(content[:700]) + gzip.compress(content[700:])  # two members, as `cat a.gz b.gz` gives
    elif name.endswith(".zst"):
        compressor = zstandard.ZstdCompressor()
        content = compressor.compress(content[:700]) + compressor.compress(content[700:])
    (tmp_path / name).write_bytes(content)
    summary = imported(database, tmp_path / name)
    assert summary.lines == len(documents)
    assert summary.recorded + summary.duplicates + summary.refused == len(documents)
    assert len(rejected(tmp_path / name)) == summary.refused > 0
    assert len(said(database)["events"]) == summary.recorded + summary.findings


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_a_file_without_events_records_nothing(database: Database, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "empty.ndjson").write_bytes(content)
    summary = imported(database, tmp_path / "empty.ndjson")
    assert (summary.recorded, summary.refused, summary.position) == (0, 0, 0)


@pytest.mark.parametrize(("first", "last"), [(b"", b""), (b"\xef\xbb\xbf", b"\r")])
def test_the_ends_of_lines_and_of_the_file(database: Database, tmp_path: Path, first: bytes, last: bytes) -> None:
    one, two = ndjson([requested("m-1")]).rstrip(), ndjson([accepted("m-1", "pro-1")]).rstrip()
    (tmp_path / "h.ndjson").write_bytes(first + one + last + b"\n\n" + two)
    assert imported(database, tmp_path / "h.ndjson").recorded == 2


def test_a_file_that_is_cut_off_is_one_error_and_what_came_before_stays_whole(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", 20)
    monkeypatch.setattr("projections.input_lines.CHUNK", 4096)
    documents = history(40)
    whole = gzip.compress(ndjson(documents))
    file = tmp_path / "h.ndjson.gz"
    file.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(Misused) as caught:
        imported(database, file)
    assert caught.value.code == "unreadable_file"
    assert "\n" not in caught.value.message
    before = ids(database)
    assert 0 < len(before) < len(documents)
    said(database)
    file.write_bytes(whole)
    assert imported(database, file).resumed_at > 0
    assert ids(database)[: len(before)] == before
    monkeypatch.undo()
    fresh = said(database)
    assert fresh["events"][-1]["sequence"] == len(fresh["events"])


@pytest.mark.parametrize("name", ["h.ndjson.gz", "h.ndjson.zst"])
def test_what_is_not_compressed_at_all_is_said_so(database: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"mission.requested")
    with pytest.raises(Misused) as caught:
        imported(database, tmp_path / name)
    assert caught.value.code == "unreadable_file"
    assert "\n" not in caught.value.message
    assert ids(database) == []


def test_csv_is_typed_by_the_schema(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    rating = 'mission.rated,m-1,2026-01-06T12:00:00Z,r-1,app/fr,,,,,,,,,,,client,5,"so, so\nand ""well"""'
    file.write_bytes(
        csv(
            request_row("m-1", "2026-01-06T09:00"),
            "mission.accepted,m-1,2026-01-05T09:00:00Z,a-1,app/fr,,pro-1,,,,,,,,,,,",
            "mission.completed,m-1,2026-01-06T11:00:00Z,d-1,app/fr,,,,,,,90,,,,,,",
            rating,
        )
    )
    assert imported(database, file).refused == 0, rejected(file)
    request, *_, rated = said(database)["events"]
    assert request["data"]["starts_at"] == "2026-01-06T09:00:00+01:00"
    assert request["data"]["timezone"] == "Europe/Paris"
    assert request["data"]["price"] == {"amount": "31.50", "currency": "EUR", "per": "hour"}
    assert request["data"]["duration_minutes"] == 90
    assert rated["data"] == {"by": "client", "stars": 5, "comment": 'so, so\nand "well"'}


LOCAL = {
    "winter": (request_row("m", "2026-01-06T09:00"), "2026-01-06T09:00:00+01:00"),
    "summer": (request_row("m", "2026-07-06T09:00:30"), "2026-07-06T09:00:30+02:00"),
    "with its offset": (request_row("m", "2026-10-25T02:30:00+01:00"), "2026-10-25T02:30:00+01:00"),
    "skipped": (request_row("m", "2026-03-29T02:30:00"), "nonexistent_local_time"),
    "the first instant skipped": (request_row("m", "2026-03-29T02:00:00"), "nonexistent_local_time"),
    "the last before": (request_row("m", "2026-03-29T01:59:59"), "2026-03-29T01:59:59+01:00"),
    "the first after": (request_row("m", "2026-03-29T03:00:00"), "2026-03-29T03:00:00+02:00"),
    "twice": (request_row("m", "2026-10-25T02:30:00"), "ambiguous_local_time"),
    "the first instant twice": (request_row("m", "2026-10-25T02:00:00"), "ambiguous_local_time"),
    "the first once again": (request_row("m", "2026-10-25T03:00:00"), "2026-10-25T03:00:00+01:00"),
    "half an hour": (
        request_row("m", "2026-10-04T02:15:00", zone="Australia/Lord_Howe"),
        "nonexistent_local_time",
    ),
    "an event's own time": (
        request_row("m", "2026-04-06T09:00:00", time="2026-03-29T02:30:00"),
        "nonexistent_local_time",
    ),
    "no zone": (request_row("m", "2026-01-06T09:00:00", zone=""), "naive_timestamp"),
    "no zone there is": (request_row("m", "2026-01-06T09:00:00", zone="Paris"), "invalid_event"),
    "no date": (request_row("m", "tomorrow"), "invalid_event"),
    "too few cells": ("mission.accepted,m", "invalid_event"),
    "too many cells": (request_row("m", "2026-01-06T09:00") + ",", "invalid_event"),
}


@pytest.mark.parametrize("name", LOCAL)
def test_csv_local_times_are_resolved_or_refused_never_guessed(database: Database, tmp_path: Path, name: str) -> None:
    row, expected = LOCAL[name]
    file = tmp_path / "h.csv"
    file.write_bytes(csv(request_row("m-before", "2026-01-06T09:00"), row, request_row("m-after", "2026-01-06T09:00")))
    imported(database, file)
    starts = {each["id"]: each["data"]["starts_at"] for each in said(database)["events"]}
    assert starts.pop("m-before") == starts.pop("m-after") == "2026-01-06T09:00:00+01:00"
    got = list(starts.values()) or [each["code"] for each in rejected(file)]
    assert got == [expected], rejected(file)


def test_csv_that_is_broken_in_the_middle_is_refused_there(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    rows = [request_row("m-1", "2026-01-06T09:00"), 'x"y"z,"unclosed" tail', request_row("m-2", "2026-01-06T09:00")]
    content = csv(*rows).replace(b"unclosed", b"\xff\xfe")
    file.write_bytes(content)
    assert imported(database, file).refused == 1
    (entry,) = rejected(file)
    assert entry["code"] == "invalid_event"
    assert entry["raw"].startswith('x"y"z,')
    assert ids(database) == ["m-1", "m-2"]


def test_csv_with_a_quote_that_never_ends_is_refused_from_there(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    rows = [request_row("m-1", "2026-01-06T09:00"), 'x,"never', *[request_row("m-2", "2026-01-06T09:00")] * 3]
    file.write_bytes(csv(*rows))
    assert imported(database, file).refused == 1
    assert rejected(file)[0]["raw"].startswith('x,"never\nmission.requested,m-2')
    assert ids(database) == ["m-1"]


def test_csv_without_its_columns_is_one_error(database: Database, tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_text("mission,pro\nm-1,pro-1\n")
    with pytest.raises(Misused) as caught:
        imported(database, tmp_path / "h.csv")
    assert caught.value.code == "unreadable_file"
    assert ids(database) == []


def test_standard_input(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    documents = [*history(10), b"not an event"]
    for recorded in (True, False):
        monkeypatch.setattr(sys, "stdin", stream_of(ndjson(documents)))
        summary = imported(database, "-")
        assert (summary.recorded > 0) is recorded
        assert summary.rejected_path == "stdin.rejected.ndjson"
        assert [each["code"] for each in rejected(tmp_path / "stdin")][-1] == "invalid_event"
    with opened(database) as ledger:
        assert ledger.connection.execute("SELECT count(*) FROM ledger.import_run").fetchone() == (0,)


def test_what_cannot_be_read_is_one_error(database: Database, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.ndjson", tmp_path):
        with pytest.raises(Misused) as caught:
            imported(database, path)
        assert caught.value.code == "unreadable_file"
        assert "\n" not in caught.value.message


def test_an_import_writes_only_what_was_refused_beside_the_file(database: Database, tmp_path: Path) -> None:
    file = written(tmp_path / "h.ndjson", [requested("m-1")])
    imported(database, file)
    assert [each.name for each in tmp_path.iterdir()] == ["h.ndjson"]
