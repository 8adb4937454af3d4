"""Importing into a ledger, in this process or in one of its own, and everything a ledger says afterwards."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError
from ledger.instants import parse_us
from ledger.store.database import Database, connect
from projections import catalogue
from projections.import_ruling import LARGE_LINES
from projections.import_runs import ImportSummary
from projections.importing import import_file
from projections.live import LiveLedger, open_ledger

ROOT = Path(__file__).parents[2]
NOW = parse_us("2027-06-01T00:00:00Z")
TABLES = ("checkpoint", *(table for projection in catalogue.PROJECTIONS for table in projection.tables))


def opened(database: Database | Path) -> Any:
    """`open_ledger` with a clock that stands still, after everything in the histories."""
    named = database.url if isinstance(database, Database) else str(database)
    return open_ledger(named, clock=lambda: NOW)


def imported(database: Database | Path, file: Path | str, *, format: str | None = None) -> ImportSummary:
    """Import a file in this process."""
    with opened(database) as ledger:
        return import_file(ledger, str(file), live=False, format=format, progress=lambda lines: None)


def record(ledger: LiveLedger, *documents: dict[str, Any]) -> None:
    """Record events in one commit; all must be taken."""
    for outcome in ledger.record(list(documents), live=False):
        assert outcome.status == "recorded", outcome.error


def said(database: Database | Path) -> dict[str, Any]:
    """All that a ledger says, but for when it was recorded; what is found by `verify` fails here."""
    with opened(database) as ledger:
        assert verified(ledger)["first_difference"] is None
        events = list(ledger.events())
        for each in events:
            del each["recordedtime"]
        assert [each["sequence"] for each in events] == list(range(1, len(events) + 1))
        return {
            "events": events,
            "standings": ledger.standings(),
            "warnings": ledger.warnings(),
            "billing": ledger.billing(),
        }


def verified(ledger: LiveLedger) -> dict[str, Any]:
    """What `verify` says."""
    return ledger.verify(progress=lambda done, of: None)


def ids(database: Database | Path) -> list[str]:
    """The ids of the recorded facts in order, without the engine's events."""
    with opened(database) as ledger:
        return [each["id"] for each in ledger.events() if each["source"] != "mission-ledger/engine"]


def row_versions(database: Database) -> dict[str, list[Any]]:
    """Every row of the log, the projections, the keys and the runs, with the transaction that wrote it."""
    tables = [f"projection.{table}" for table in TABLES]
    tables += ["ledger.event", "ledger.person_key", "ledger.import_run"]
    with connect(database, autocommit=True) as connection:
        return {
            table: connection.execute(
                f"SELECT xmin::text, ctid::text, row_to_json(t)::text FROM {table} AS t ORDER BY 2, 3".encode()
            ).fetchall()
            for table in tables
        }


def rejected(file: Path) -> list[dict[str, Any]]:
    """The entries of the file of refused lines beside `file`."""
    beside = Path(f"{file}.rejected.ndjson")
    return [json.loads(line) for line in beside.read_bytes().splitlines()] if beside.exists() else []


def start_import(
    database: Database | Path, file: Path, *, batch_lines: int, large_lines: int = LARGE_LINES
) -> subprocess.Popen[bytes]:
    """An import in a process of its own; it prints its summary, or the code and message of its error, as JSON."""
    named = database.url if isinstance(database, Database) else str(database)
    order = [sys.executable, "-m", "tests.importing.ledgers", named, str(file), str(batch_lines), str(large_lines)]
    return subprocess.Popen(order, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What an import in a process of its own said at its end."""
    out, err = process.communicate(timeout=120)
    assert err == b"", err.decode()
    answer: dict[str, Any] = json.loads(out)
    return answer


def position(database: Database) -> int:
    """The last position of the log."""
    with connect(database, autocommit=True) as connection:
        row = connection.execute("SELECT coalesce(max(position), 0) FROM ledger.event").fetchone()
    assert row is not None
    return int(row[0])


def _main(database: str, file: str, batch_lines: str, large_lines: str) -> None:
    from projections import import_ruling, importing

    logging.getLogger().addHandler(logging.NullHandler())  # as the commands do: no library writes to stderr
    importing.BATCH_LINES, import_ruling.LARGE_LINES = int(batch_lines), int(large_lines)
    try:
        with open_ledger(database, clock=lambda: NOW) as ledger:
            summary = import_file(ledger, file, live=False, format=None, progress=lambda lines: None)
        sys.stdout.write(json.dumps(vars(summary)))
    except LedgerError as error:
        sys.stdout.write(json.dumps({"code": error.code, "message": error.message, "exit": error.exit_code}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
