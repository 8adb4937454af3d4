"""How fast a history is imported, beside a peer and beside the bound, on the same data and the same server.

    python -m tests.benchmarks.import_speed FILE.ndjson [--limit N] [--folder DIR] [--command CMD]

On one embedded server, one after the other:

- ours: `mission-ledger import FILE` as a whole process: every event validated and ruled on, projections written,
  durable on disk;
- the peer: `PostgresApplicationRecorder` of the library eventsourcing, with psycopg, inserting the documents that the
  import had stored in batches of 500, one commit each; nothing is validated, ruled on or projected. Only its inserts
  are timed, not the reading of what it is given;
- the bound: the rows of the log, already encoded, sent by one binary COPY through psycopg into a table of the same
  columns, keys and checks, and committed.

Then, on the ledger that was imported, three commands as whole processes. Prints one Markdown block for the README.
`--limit N` takes the first N lines. Without --folder a temporary one is used; it needs about 4 KB of disk for each
event. Run it from the top of the repository on a machine that does nothing else; no figure makes it fail. The peer
needs one more package: `pip install psycopg-pool`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg import conninfo

from ledger.store import embedded
from ledger.store.database import VARIABLE, Database, connect
from ledger.store.log import read

try:
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
except ModuleNotFoundError as missing:  # the product does without the library's own store
    sys.exit(f"eventsourcing's own recorder needs {missing.name}: pip install psycopg-pool")

PEER_BATCH = 500
RUNS = 5
SAMPLE_SECONDS = 0.1
MEGABYTE = 1 << 20


class Measured(NamedTuple):
    """What one way of writing took. The peer and the bound also write the engine's findings: rows of the log."""

    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


def run(command: list[str], database: Path) -> str:
    """What a command prints; its own error line ends the benchmark."""
    environment = os.environ | {VARIABLE: str(database), "NO_COLOR": "1"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{shlex.join(command)} ended with {done.returncode}")
    return done.stdout


def memory_bytes(process: psutil.Process) -> int:
    """Resident memory of a process and its children now; pages they share are counted twice."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


class Import(NamedTuple):
    """An import as a whole: its own summary, and what its processes took together."""

    summary: dict[str, Any]
    seconds: float
    processor_seconds: float
    peak_bytes: int


def import_whole(command: list[str], file: Path, database: Path) -> Import:
    """Import the file and watch the import's processes; the server's own are not among them."""
    environment = os.environ | {VARIABLE: str(database), "NO_COLOR": "1"}
    before, began = os.times(), time.monotonic()
    importing = subprocess.Popen(
        [*command, "import", str(file), "--json"], env=environment, stdout=subprocess.PIPE, text=True
    )
    process, peak = psutil.Process(importing.pid), 0
    while True:
        try:
            printed, _ = importing.communicate(timeout=SAMPLE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, memory_bytes(process))
    seconds, after = time.monotonic() - began, os.times()
    if importing.returncode not in (0, 1):  # 1: some lines were refused
        sys.exit(f"the import ended with {importing.returncode}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Import(json.loads(printed), seconds, used, peak)


def peer(url: str, batches: Iterator[list[StoredEvent]]) -> Measured:
    """The stock recorder's inserts, timed alone."""
    parts = conninfo.conninfo_to_dict(url)
    with PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts.get("host", "")),
        port=str(parts.get("port") or 5432),
        user=str(parts.get("user") or ""),
        password=str(parts.get("password") or ""),
        schema="benchmark",
        originator_id_type="text",
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        count, seconds = 0, 0.0
        for batch in batches:
            began = time.perf_counter()
            recorder.insert_events(batch)
            seconds += time.perf_counter() - began
            count += len(batch)
    return Measured(count, seconds)


def stored(database: Database) -> Iterator[list[StoredEvent]]:
    """The documents of the log as the library's stored events, in batches."""
    with connect(database, autocommit=True) as connection:
        rows = (StoredEvent(row.stream, row.version, row.type, row.state) for row in read(connection))
        while batch := list(islice(rows, PEER_BATCH)):
            yield batch


def bound(connection: psycopg.Connection[Any], encoded: Path) -> Measured:
    """One binary COPY of rows that are encoded already, and its commit."""
    connection.execute("CREATE TABLE benchmark.event (LIKE ledger.event INCLUDING ALL)")
    with encoded.open("wb") as out, connection.cursor().copy("COPY ledger.event TO STDOUT (FORMAT binary)") as copy:
        for block in copy:
            out.write(block)
    began = time.perf_counter()
    with connection.transaction(), connection.cursor() as cursor:
        with encoded.open("rb") as rows, cursor.copy("COPY benchmark.event FROM STDIN (FORMAT binary)") as copy:
            while block := rows.read(MEGABYTE):
                copy.write(block)
        count = cursor.rowcount
    return Measured(count, time.perf_counter() - began)


@contextlib.contextmanager
def own_schema(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A schema beside the ledger's for what is compared with it, dropped at the end."""
    connection.execute("DROP SCHEMA IF EXISTS benchmark CASCADE")
    connection.execute("CREATE SCHEMA benchmark")
    try:
        yield
    finally:
        connection.execute("DROP SCHEMA benchmark CASCADE")


def median_milliseconds(command: list[str], database: Path) -> float:
    """The median of whole processes, from start to exit."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run(command, database)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


def busiest(command: list[str], database: Path) -> tuple[str, int]:
    """The pro with the most missions accepted, and how many."""
    pros = json.loads(run([*command, "standing", "--json"], database))["pros"]
    accepted = {each["pro"]: sum(city["accepted"] for city in each["cities"].values()) for each in pros}
    return max(accepted.items(), key=lambda pair: pair[1], default=("", 0))


def machine() -> str:
    """Processor, cores, memory, system."""
    name = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                name = line.split(":", 1)[1].strip()
                break
    memory = psutil.virtual_memory().total / (1 << 30)
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"


def table(rows: list[tuple[str, ...]]) -> str:
    """A Markdown table; the first row is its head, every column but the first is of numbers."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "| --- |" + " ---: |" * (len(rows[0]) - 1), *body])


def beginning(file: Path, limit: int, folder: Path) -> Path:
    """The first `limit` lines as a file of their own."""
    short = folder / f"first-{limit}.ndjson"
    with file.open("rb") as lines, short.open("wb") as out:
        out.writelines(islice(lines, limit))
    return short


def measure(command: list[str], file: Path, folder: Path) -> str:
    """Everything, in order, as the block for the README."""
    database = folder / "ledger"
    run([*command, "status", "--json"], database)  # the server is started and migrated: not part of any figure
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    progress("importing")
    imported = import_whole(command, file, database)
    summary, ours = imported.summary, Measured(imported.summary["lines"], imported.seconds)

    progress("asking")
    pro, missions = busiest(command, database)
    asked = [["--help"], ["standing", pro], ["why", pro]]
    times = [median_milliseconds([*command, *arguments], database) for arguments in asked]

    url = embedded.start(database)
    with connect(Database(url=url, folder=database), autocommit=True) as connection, own_schema(connection):
        progress("eventsourcing's recorder")
        theirs = peer(url, stored(Database(url=url, folder=database)))
        progress("one COPY")
        copied = bound(connection, folder / "rows.copy")
        server = connection.info.parameter_status("server_version")

    def line(what: str, of: Measured) -> tuple[str, ...]:
        ratio = of.per_second / ours.per_second
        return what, f"{of.per_second:,.0f}", f"{of.seconds:.1f}", f"{ratio:.2f}"

    speeds = [
        ("the same history", "events/s", "seconds", "× ours"),
        line("`mission-ledger import`: validated, ruled on, projected, durable", ours),
        line(f"eventsourcing's PostgreSQL recorder, batches of {PEER_BATCH}: stored only", theirs),
        line("one binary COPY of encoded rows, same columns and keys: the bound", copied),
    ]
    commands: list[tuple[str, ...]] = [("whole process, median of 5", "ms")]
    for arguments, milliseconds in zip(asked, times, strict=True):
        commands.append((f"`{' '.join(['mission-ledger', *arguments])}`", f"{milliseconds:.0f}"))
    made = ", ".join(f"{name} {version(name)}" for name in ("mission-ledger", "eventsourcing", "psycopg"))
    return "\n".join(
        [
            f"- Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; load {load:.1f} before.",
            f"- Python {platform.python_version()}, PostgreSQL {server} (embedded), {made}.",
            f"- History: {summary['lines']:,} events, {summary['refused']:,} refused; the engine added "
            f"{summary['findings']:,} findings.",
            f"- The import's two processes together: {imported.peak_bytes / MEGABYTE:.0f} MB of memory at their peak, "
            f"{imported.processor_seconds:.0f} s of processor time.",
            "",
            table(speeds),
            "",
            table(commands),
            "",
            f"`{pro}` is the pro with the most missions: {missions:,} accepted.",
        ]
    )


def progress(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="CloudEvents NDJSON, such as tests.benchmarks.flights.history writes")
    parser.add_argument("--limit", type=int, help="only the first N lines")
    parser.add_argument("--folder", type=Path, help="an empty folder for the ledger; default: a temporary one")
    parser.add_argument("--command", default="mission-ledger", help='e.g. "python -m commands.main" (%(default)s)')
    options = parser.parse_args()

    folder: Path = options.folder or Path(tempfile.mkdtemp(prefix="mission-ledger-speed-"))
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        sys.exit(f"{folder} is not empty; choose another --folder or delete it")
    try:
        # Linked into the folder: refused lines are written beside the file.
        file = folder / options.file.name
        if options.limit is None:
            file.symlink_to(options.file.resolve())
        else:
            file = beginning(options.file, options.limit, folder)
        print(measure(shlex.split(options.command), file, folder))
    finally:
        embedded.stop(folder / "ledger")
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
