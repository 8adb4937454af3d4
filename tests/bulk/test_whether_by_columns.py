"""When an import rules by columns: not where that does not pay, and never where it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from projections import import_ruling
from projections.compiled import machine_code
from projections.import_ruling import LARGE_LINES, WAITED_FOR, Ruling, about_lines
from tests.importing.histories import history, written
from tests.importing.ledgers import imported, opened


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without machine code; what is made of it."""
    groups: list[str] = []
    monkeypatch.setattr(machine_code, "ready", groups.__contains__)
    monkeypatch.setattr(machine_code, "make", lambda *names: groups.extend(names))
    monkeypatch.setattr(machine_code, "prepare", lambda *names, patiently: groups.extend(names))
    return groups


@pytest.mark.parametrize(
    ("lines", "live", "by_columns"),
    [(LARGE_LINES, False, False), (WAITED_FOR, False, True), (WAITED_FOR, True, False)],
)
def test_it_waits_for_machine_code_only_where_that_pays(
    new_database: Any, made: list[str], lines: int, live: bool, by_columns: bool
) -> None:
    with opened(new_database()) as ledger:
        ruling = Ruling(ledger, live=live, lines=lines)
        assert ruling.by_columns() is by_columns
    assert bool(made) is by_columns


def test_it_is_made_meanwhile_once_there_were_many_lines(
    new_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    monkeypatch.setattr(import_ruling, "LARGE_LINES", 100)
    monkeypatch.setattr(import_ruling, "COMPILED_FROM", 200)
    monkeypatch.setattr("projections.importing.BATCH_LINES", 50)

    assert imported(new_database(), written(tmp_path / "h.ndjson", history(20))).recorded > 50
    assert made == []
    summary = imported(new_database(), written(tmp_path / "more.ndjson", history(90)))

    assert made == ["telling", "judging"]
    assert summary.recorded > 300


def test_where_it_cannot_be_made_lines_are_ruled_on_one_by_one(
    new_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    def fails(*groups: str) -> None:
        raise RuntimeError("no compiler")

    monkeypatch.setattr(machine_code, "make", fails)
    monkeypatch.setattr(import_ruling, "LARGE_LINES", 0)
    monkeypatch.setattr(import_ruling, "WAITED_FOR", 0)

    assert imported(new_database(), written(tmp_path / "h.ndjson", history(20))).recorded > 50


def test_about_how_many_lines_a_file_has(tmp_path: Path) -> None:
    file = written(tmp_path / "h.ndjson", history(200))
    lines = file.read_bytes().count(b"\n")
    assert lines / 3 < about_lines(str(file)) < 3 * lines
