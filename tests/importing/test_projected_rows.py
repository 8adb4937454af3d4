"""How rows of projections get there: new ones by COPY, changed ones by updates, and `verify` folds the same."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import IntegrityBroken
from ledger.store.database import Database, connect
from projections.statements import COPY_ROWS, copy_text
from tests.importing.histories import START, accepted, event, history, requested, written
from tests.importing.ledgers import imported, opened, position, said

MISSIONS = [f"m-{number}" for number in range(3 * COPY_ROWS)]
"""More than go by a merge."""


def told(name: str, mission: str, hours: int, **data: Any) -> dict[str, Any]:
    return event(f"mission.{name}", mission, START + timedelta(hours=hours), data, id=f"{mission}-{name}-{hours}")


def each_in_turn(*steps: Any) -> list[dict[str, Any]]:
    """One kind of event for all missions, then the next: with a batch for each kind the rows are written in between."""
    return [step(mission) for step in steps for mission in MISSIONS]


ASKED = (requested, lambda mission: told("expired", mission, 1, pro="p-1"))
HELD = (lambda mission: accepted(mission, "p-1", START + timedelta(hours=2)),)
GIVEN_UP = (
    lambda mission: told("cancelled", mission, 3, by="pro", excused=True),
    lambda mission: accepted(mission, "p-2", START + timedelta(hours=4)),
)
DONE = (
    lambda mission: told("completed", mission, 80, duration_minutes=90),
    lambda mission: told("rated", mission, 90, by="client", stars=4),
)


@pytest.mark.parametrize(
    "steps",
    [(requested, *HELD, *DONE), (*ASKED, *HELD, *DONE), (*ASKED, *HELD, *GIVEN_UP, *DONE)],
    ids=["straight", "lapsed before", "given up"],
)
@pytest.mark.parametrize("batch_lines", [len(MISSIONS), 2 * len(MISSIONS), 100_000])
def test_rows_written_in_several_batches_are_those_of_a_fold(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: Any, batch_lines: int
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", batch_lines)
    summary = imported(database, written(tmp_path / "h.ndjson", each_in_turn(*steps)))
    assert summary.recorded == len(steps) * len(MISSIONS)
    assert len(said(database)["billing"]["lines"]) == len(MISSIONS)  # `said` verifies


def test_a_mission_read_from_the_log_again_is_merged(database: Database, tmp_path: Path) -> None:
    imported(database, written(tmp_path / "first.ndjson", each_in_turn(*ASKED, *HELD)))
    imported(database, written(tmp_path / "then.ndjson", each_in_turn(*GIVEN_UP, *DONE)))
    assert len(said(database)["billing"]["lines"]) == len(MISSIONS)


def test_a_row_that_no_event_explains_is_named_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    with opened(database), connect(database, autocommit=True) as connection:
        connection.execute("INSERT INTO projection.billing_pending VALUES ('m-7')")
    with pytest.raises(IntegrityBroken, match=r"m-7.*run mission-ledger verify"):
        imported(database, written(tmp_path / "h.ndjson", each_in_turn(requested, *HELD, *DONE)))
    assert position(database) == 0


def test_what_copy_could_misread_is_never_sent() -> None:
    assert copy_text([("p-1", 7), ("p-2", -1)]) == b"p-1\t7\np-2\t-1\n"
    for identifier in ("a\tb", "a\nb", "a\\b"):
        with pytest.raises(AssertionError, match="in an identifier"):
            copy_text([(identifier, 1)])


def test_the_server_knows_its_tables_after_a_large_import(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.importing.ANALYSED_FROM", 100)
    imported(database, written(tmp_path / "few.ndjson", history(5)))
    assert not analysed(database)
    imported(database, written(tmp_path / "many.ndjson", history(60, seed=2)))
    assert {"event", "participation", "billing_line", "pro_standing"} <= analysed(database)


def analysed(database: Database) -> set[str]:
    """The tables with rows of which the server knows how they are spread."""
    with connect(database, autocommit=True) as connection:
        query = b"SELECT DISTINCT tablename FROM pg_stats WHERE schemaname IN ('ledger', 'projection')"
        return {row[0] for row in connection.execute(query)}
