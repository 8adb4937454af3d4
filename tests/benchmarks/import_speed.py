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
import json
import shlex
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg import conninfo

from ledger.store import embedded
from ledger.store.database import Database, connect
from ledger.store.log import read
from tests.benchmarks.measuring import (
    MEGABYTE,
    Measured,
    Ran,
    folder_for_ledgers,
    load,
    machine,
    median_milliseconds,
    own_schema,
    progress,
    run,
    table,
    versions,
    watched,
)

try:
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
except ModuleNotFoundError as missing:  # the product does without the library's own store
    sys.exit(f"eventsourcing's own recorder needs {missing.name}: pip install psycopg-pool")

PEER_BATCH = 500


class Import(NamedTuple):
    """An import as a whole: its own summary, and what its processes took together."""

    summary: dict[str, Any]
    ran: Ran

    @property
    def measured(self) -> Measured:
        return Measured(self.summary["lines"], self.ran.seconds)


def import_whole(command: list[str], file: Path, database: Path) -> Import:
    """Import the file; some lines may be refused."""
    ran = watched([*command, "import", str(file), "--json"], database, allowed=(0, 1))
    return Import(json.loads(ran.printed), ran)


def datastore(url: str) -> PostgresDatastore:
    """The library's own store in the schema `benchmark` of the same database."""
    parts = conninfo.conninfo_to_dict(url)
    return PostgresDatastore(
        dbname=str(parts["dbname"]),
        host=str(parts.get("host", "")),
        port=str(parts.get("port") or 5432),
        user=str(parts.get("user") or ""),
        password=str(parts.get("password") or ""),
        schema="benchmark",
        originator_id_type="text",
    )


def peer(url: str, batches: Iterator[list[StoredEvent]]) -> Measured:
    """The stock recorder's inserts, timed alone."""
    with datastore(url) as store:
        recorder = PostgresApplicationRecorder(store)
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


def busiest(command: list[str], database: Path) -> tuple[str, int]:
    """The pro with the most missions accepted, and how many."""
    pros = json.loads(run([*command, "standing", "--json"], database))["pros"]
    accepted = {each["pro"]: sum(city["accepted"] for city in each["cities"].values()) for each in pros}
    return max(accepted.items(), key=lambda pair: pair[1], default=("", 0))


def beginning(file: Path, limit: int, folder: Path) -> Path:
    """The first `limit` lines as a file of their own."""
    short = folder / f"first-{limit}.ndjson"
    with file.open("rb") as lines, short.open("wb") as out:
        out.writelines(islice(lines, limit))
    return short


class Written(NamedTuple):
    """The three ways of writing the same history, one after the other, and the server they were written to."""

    imported: Import
    theirs: Measured
    copied: Measured
    server: str | None

    def rows(self) -> list[tuple[str, ...]]:
        """As a table, with its head."""
        ours = self.imported.measured

        def line(what: str, of: Measured) -> tuple[str, ...]:
            return what, f"{of.per_second:,.0f}", f"{of.seconds:.1f}", f"{of.per_second / ours.per_second:.2f}"

        return [
            ("the same history", "events/s", "seconds", "× ours"),
            line("`mission-ledger import`: validated, ruled on, projected, durable", ours),
            line(f"eventsourcing's PostgreSQL recorder, batches of {PEER_BATCH}: stored only", self.theirs),
            line("one binary COPY of encoded rows, same columns and keys: the bound", self.copied),
        ]

    def words(self) -> list[str]:
        """What else is to be said of it, as items of a list."""
        summary, ran = self.imported.summary, self.imported.ran
        return [
            f"- History: {summary['lines']:,} events, {summary['refused']:,} refused; the engine added "
            f"{summary['findings']:,} findings.",
            f"- The import's processes together: {ran.peak_bytes / MEGABYTE:.0f} MB of memory at their peak, "
            f"{ran.processor_seconds:.0f} s of processor time.",
        ]


def written(command: list[str], file: Path, folder: Path) -> Written:
    """Write a history in the three ways, on the embedded server of `folder`/ledger, which keeps what was imported."""
    database = folder / "ledger"
    run([*command, "status", "--json"], database)  # the server is started and migrated: not part of any figure
    progress("importing")
    imported = import_whole(command, file, database)
    located = Database(url=embedded.start(database), folder=database)
    with connect(located, autocommit=True) as connection, own_schema(connection):
        progress("eventsourcing's recorder")
        theirs = peer(located.url, stored(located))
        progress("one COPY")
        copied = bound(connection, folder / "rows.copy")
        server = connection.info.parameter_status("server_version")
    return Written(imported, theirs, copied, server)


def measure(command: list[str], file: Path, folder: Path) -> str:
    """Everything, in order, as the block for the README."""
    before = load()
    all_three = written(command, file, folder)
    progress("asking")
    database = folder / "ledger"
    pro, missions = busiest(command, database)
    asked = [["--help"], ["standing", pro], ["why", pro]]
    commands: list[tuple[str, ...]] = [("whole process, median of 5", "ms")]
    for arguments in asked:
        milliseconds = median_milliseconds([*command, *arguments], database)
        commands.append((f"`{' '.join(['mission-ledger', *arguments])}`", f"{milliseconds:.0f}"))
    return "\n".join(
        [
            f"- Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; load {before:.1f} before.",
            f"- {versions(all_three.server, 'eventsourcing', 'psycopg')}.",
            *all_three.words(),
            "",
            table(all_three.rows()),
            "",
            table(commands),
            "",
            f"`{pro}` is the pro with the most missions: {missions:,} accepted.",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, help="CloudEvents NDJSON, such as tests.benchmarks.flights.history writes")
    parser.add_argument("--limit", type=int, help="only the first N lines")
    parser.add_argument("--folder", type=Path, help="an empty folder for the ledger; default: a temporary one")
    parser.add_argument("--command", default="mission-ledger", help='e.g. "python -m commands.main" (%(default)s)')
    options = parser.parse_args()

    if options.folder is not None and options.folder.exists() and any(options.folder.iterdir()):
        sys.exit(f"{options.folder} is not empty; choose another --folder or delete it")
    with folder_for_ledgers(options.folder, "mission-ledger-speed-") as folder:
        # Linked into the folder: refused lines are written beside the file.
        file = folder / options.file.name
        if options.limit is None:
            file.symlink_to(options.file.resolve())
        else:
            file = beginning(options.file, options.limit, folder)
        print(measure(shlex.split(options.command), file, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
