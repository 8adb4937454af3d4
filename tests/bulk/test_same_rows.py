"""Batches ruled on by columns leave every row as plain Python does, whatever the history and the size of batches."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import Any

import pytest
from compiled.test_both_speeds import TERMS, WINDOWS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from missions.kit import policy
from properties.histories import Plan, in_time, plans
from properties.test_replay import busy

from commands.demo.month import events as demo_month
from ledger.store.database import Database, connect
from projections import import_ruling, importing
from projections.bulk import ruling
from projections.bulk.ruling import ByColumns
from projections.compiled import machine_code
from projections.writing import Ruled
from tests.importing.histories import PROS, Document, history, written
from tests.importing.ledgers import TABLES, finished, imported, opened, position, said, start_import, verified
from tests.importing.test_recording_in_turn import told

LOG = "position, stream, version, type, source, id, occurred"


@pytest.fixture(scope="module", autouse=True)
def machine_code_is_there() -> None:
    """An import does without until it is."""
    for kernel in ("placing.place", "continuing.judge_on"):
        assert machine_code.address(f"projections.compiled.{kernel}")


ORDINARY = {
    "pro.registered",
    "mission.requested",
    "mission.accepted",
    "mission.cancelled",
    "mission.completed",
    "mission.rated",
}


class Watched:
    """What became of the batches that were ruled on by columns."""

    def __init__(self) -> None:
        self.batches = 0
        self.left = 0
        self.flat = 0
        self.people = 0
        self.failed: list[Exception] = []


@contextmanager
def by_columns(batch_lines: int, *, after: int = 0, moves_kept: int = ruling.MOVES_KEPT) -> Iterator[Watched]:
    """Imports rule on every batch by columns, once so many lines were ruled on without.

    What goes wrong there must not be mended by ruling once more.
    """
    watched, rule = Watched(), ByColumns.rule

    def watching(self: ByColumns, *lines: Any, **how: Any) -> Ruled | None:
        try:
            ruled = rule(self, *lines, **how)
        except Exception as error:
            # What was refused in trust may turn out to be known: plain Python rules again as well.
            if "check_refused" not in {each.name for each in extract_tb(error.__traceback__)}:
                watched.failed.append(error)
            raise
        watched.batches += ruled is not None
        watched.left += ruled is None
        watched.flat += len(self.courses.number)
        watched.people += int(self.courses.people.flat.sum())
        return ruled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_ruling, "LARGE_LINES", after)
        patch.setattr(ruling, "MOVES_KEPT", moves_kept)
        patch.setattr(importing, "BATCH_LINES", batch_lines)
        patch.setattr(ByColumns, "rule", watching)
        yield watched
    assert watched.failed == []


def rows(database: Database, *, digests: bool) -> dict[str, list[Any]]:
    """Every row of the log and of the projections; without `digests` but for the bytes of what was sealed."""
    columns = {"ledger.event": LOG + (", digest" if digests else "")}
    columns |= {f"projection.{table}": "row_to_json(t)::text" for table in TABLES}
    with connect(database, autocommit=True) as connection:
        return {
            table: connection.execute(f"SELECT {what} FROM {table} AS t ORDER BY 1".encode()).fetchall()
            for table, what in columns.items()
        }


def compared(
    new_database: Callable[[], Database], file: Path, *, batch_lines: int, digests: bool = True, **how: int
) -> tuple[Watched, Database]:
    """Import a file both ways, and compare."""
    plain, flat = new_database(), new_database()
    one = imported(plain, file)
    with by_columns(batch_lines, **how) as watched:
        other = imported(flat, file)
    for summary in (one, other):
        summary.seconds = 0.0
    assert other == one
    left, right = rows(flat, digests=digests), rows(plain, digests=digests)
    for table in left:
        assert left[table] == right[table], table
    return watched, flat


@pytest.mark.parametrize("batch_lines", [7, 60, 5000])
@pytest.mark.parametrize("name", ["everything", "late", "demo month"])
def test_a_history_with_everything_in_it(new_database: Any, tmp_path: Path, name: str, batch_lines: int) -> None:
    documents: dict[str, Callable[[], list[Document]]] = {
        "everything": told,
        "late": lambda: history(120, seed=5),
        "demo month": lambda: list(demo_month()),
    }
    file = written(tmp_path / "h.ndjson", documents[name]())

    watched, database = compared(new_database, file, batch_lines=batch_lines, digests=False)

    assert watched.batches > 0
    assert watched.flat > 0 or batch_lines == 5000  # linked accounts take every mission out
    plain = new_database()
    imported(plain, file)
    assert said(database) == said(plain)  # what was sealed says the same, and nothing differs from a fresh fold


@given(busy(most=8), st.integers(1, 9))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history(new_database: Any, tmp_path: Path, documents: list[Document], batch_lines: int) -> None:
    _, database = compared(new_database, written(tmp_path / "h.ndjson", documents), batch_lines=batch_lines)

    with opened(database) as ledger:
        assert verified(ledger)["first_difference"] is None


@pytest.mark.parametrize("cancellation", WINDOWS, ids=lambda each: f"{each['window']['kind']}-{each['denominator']}")
@given(plans(most=12), st.sampled_from(["automatic", "human"]), st.integers(1, 9), st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_under_every_window_and_denominator(
    new_database: Any,
    tmp_path: Path,
    cancellation: dict[str, Any],
    missions: list[Plan],
    decision: str,
    batch_lines: int,
    data: st.DataObject,
) -> None:
    """Pros who stay flat: nothing but missions in order, some of them late."""
    terms = policy(
        "eager", "2024-02-01 00:00", "2024-01-01 00:00", decision=decision, cancellation=cancellation, **TERMS
    )
    documents = in_time(missions)
    for _ in range(data.draw(st.integers(0, 2))):
        documents.insert(data.draw(st.integers(0, len(documents))), documents.pop(0))

    compared(new_database, written(tmp_path / "h.ndjson", [terms, *documents]), batch_lines=batch_lines)


@pytest.mark.parametrize("how", [{"after": 150}, {"moves_kept": 40}, {"after": 100, "moves_kept": 90}], ids=str)
def test_when_it_begins_late_or_more_is_kept_than_should_be(new_database: Any, tmp_path: Path, how: Any) -> None:
    file = written(tmp_path / "h.ndjson", history(120, seed=5))

    watched, _ = compared(new_database, file, batch_lines=25, digests=False, **how)

    assert watched.batches > 5
    assert watched.people > 0


def test_pros_stay_flat_as_long_as_nothing_else_concerns_them(new_database: Any, tmp_path: Path) -> None:
    """Missions of nine registered pros in order, with what the engine finds about them: nobody leaves."""
    documents = [each for each in history(300, seed=3) if each["type"] in ORDINARY]
    seen: dict[str, Document] = {
        each["id"]: each for each in documents if not each["id"].endswith(("-early", "-wrong"))
    }
    held = [each for each in seen.values() if each["type"] != "mission.accepted" or own(each)]
    file = written(tmp_path / "h.ndjson", sorted(held, key=lambda each: each["time"]))

    watched, database = compared(new_database, file, batch_lines=100, digests=False)

    with connect(database, autocommit=True) as connection:
        warned = connection.execute("SELECT count(DISTINCT pro) FROM projection.warning").fetchone()
    assert warned is not None
    assert warned[0] > 1
    assert watched.people == watched.batches * PROS


def own(accepted: Document) -> bool:
    """Whether it is the acceptance of the pro who then holds the mission."""
    return accepted["data"]["pro"] == f"pro-{int(accepted['subject'][2:]) % PROS}"


def test_killed_at_any_moment_and_run_again(new_database: Any, tmp_path: Path) -> None:
    file = written(tmp_path / "h.ndjson", history(400, seed=7))
    undisturbed, database = new_database(), new_database()
    imported(undisturbed, file)
    for until in (300, 900):
        process = start_import(database, file, batch_lines=40, large_lines=0)
        while process.poll() is None and position(database) < until:
            time.sleep(0.001)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    summary = finished(start_import(database, file, batch_lines=40, large_lines=0))

    assert summary["resumed_at"] > 0
    assert said(database) == said(undisturbed)
