"""Two processes issuing at once, one killed in the middle: no gap, no duplicate, nothing missing."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from random import Random

import pytest

from ledger.store.database import Database
from tests.importing.histories import written
from tests.importing.ledgers import imported, position
from tests.invoices.billed import SETTINGS, close, finished, issue, listed, opened, rows, start_issuing, worked

PROS = 90


@pytest.fixture
def closed(database: Database, tmp_path: Path) -> Database:
    """A closed month in which every pro has two missions, every third one in a second currency."""
    documents = []
    for number in range(PROS):
        pro = f"p-{number:03}"
        documents += worked(f"m-{number}-a", pro) + worked(
            f"m-{number}-b", pro, currency="EUR" if number % 3 else "CHF"
        )
    imported(database, written(tmp_path / "month.ndjson", documents))
    with opened(database) as ledger:
        close(ledger, "2026-03")
    return database


DOCUMENTS = PROS + PROS // 3
NUMBERS = [f"F-2026-{each:06}" for each in range(1, DOCUMENTS + 1)]


def complete(database: Database) -> None:
    """Every entry is on exactly one document, and the numbers run from the first to the last."""
    with opened(database) as ledger:  # which verifies
        assert [each["number"] for each in listed(ledger)] == NUMBERS
        assert issue(ledger, "2026-03", settings=SETTINGS)["issued"] == []
    (entries,) = rows(database, "SELECT count(*), count(DISTINCT (position, number)) FROM invoice_entry")
    assert entries == (PROS * 2, PROS * 2)


def test_processes_that_issue_at_once_share_the_numbers(closed: Database) -> None:
    running = [start_issuing(closed, "2026-03", pros_per_commit=3) for _ in range(3)]
    answers = [finished(each) for each in running]
    issued = [each["number"] for answer in answers for each in answer["issued"]]
    assert sorted(issued) == NUMBERS
    complete(closed)


@pytest.mark.parametrize("seed", [1, 2])
def test_issuing_killed_at_any_moment_and_run_again_issues_what_is_missing(closed: Database, seed: int) -> None:
    chance, kills, stored = Random(seed), 0, position(closed)
    for part in range(4):
        process = start_issuing(closed, "2026-03", pros_per_commit=2)
        strike = stored + 1 + part * DOCUMENTS // 6 + chance.randrange(DOCUMENTS // 6)
        until = time.monotonic() + 60
        while process.poll() is None and position(closed) < strike:
            assert time.monotonic() < until
            time.sleep(0.001)
        time.sleep(chance.random() * 0.02)
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        numbers = [number for (number,) in rows(closed, "SELECT number FROM invoice ORDER BY position")]
        assert numbers == NUMBERS[: len(numbers)]
    assert kills >= 2, "issuing was too fast to be killed in the middle"
    issued = finished(start_issuing(closed, "2026-03", pros_per_commit=2))["issued"]
    assert [each["number"] for each in issued] == NUMBERS[DOCUMENTS - len(issued) :]
    complete(closed)
