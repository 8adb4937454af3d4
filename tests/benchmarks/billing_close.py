"""How fast a month is closed, derived again, exported and invoiced, each a whole process, on a ledger of its own.

    python -m tests.benchmarks.billed_month MONTH.ndjson [--lines 1000000]
    python -m tests.benchmarks.billing_close MONTH.ndjson [--folder DIR] [--command CMD]

Imports the history, closes its month, replays it three times, exports and invoices it; without a file the history is in
the ledger at DIR/ledger already. Prints one Markdown block for the README:
seconds on the clock, and seconds of processor time of the command and of the server for it. Without --folder a
temporary one is used; a million lines need 8 GB of disk. Run it from the top of the repository on a machine that does
nothing else; no figure makes it fail, but a replay that is not identical does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import statistics
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import psutil

from tests.benchmarks.billed_month import PERIOD
from tests.benchmarks.measuring import (
    MEGABYTE,
    SAMPLE_SECONDS,
    Ran,
    folder_for_ledgers,
    load,
    machine,
    progress,
    run,
    table,
    watched,
)

REPLAYS = 3
EXPORTS = ("csv", "parquet", "xlsx")


class Taken(NamedTuple):
    """What a whole process took of its own, and how much processor time the server took for it."""

    ran: Ran
    server: float


def server_seconds(database: Path) -> float:
    """Processor time of the server's processes, those that have ended among them."""
    lines = (database / "pgdata" / "postmaster.pid").read_text().splitlines()
    postmaster = psutil.Process(int(lines[0]))
    times = postmaster.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in postmaster.children():
        used = child.cpu_times()
        total += used.user + used.system
    return float(total)


def whole(command: list[str], database: Path) -> Taken:
    """Run a command to its end; its own error line ends the benchmark."""
    before = server_seconds(database)
    ran = watched(command, database, allowed=(0, 1))  # 1: some lines of the import were refused
    time.sleep(2 * SAMPLE_SECONDS)  # the server's process for it ends a little later
    return Taken(ran, server_seconds(database) - before)


def measure(command: list[str], file: Path | None, folder: Path) -> str:
    """Everything, in order, as the block for the README."""
    database = folder / "ledger"
    run([*command, "status"], database)  # which makes it
    before = load()
    if file is not None:
        progress("importing")
        whole([*command, "import", str(file), "--json"], database)
    events = json.loads(whole([*command, "status", "--json"], database).ran.printed)["position"]
    progress("closing")
    taken = {f"billing close {PERIOD}": whole([*command, "billing", "close", PERIOD, "--by", "benchmark"], database)}
    replays = []
    for _ in range(REPLAYS):
        progress("deriving again")
        replays.append(whole([*command, "billing", "replay", "--period", PERIOD, "--json"], database))
        if not json.loads(replays[-1].ran.printed)["same"]:
            sys.exit("the replay is not identical")
    median = statistics.median_low([each.ran.seconds for each in replays])
    taken[f"billing replay --period {PERIOD}"] = next(each for each in replays if each.ran.seconds == median)
    for name in EXPORTS:
        progress(f"exporting {name}")
        order = ["export", name, "--period", PERIOD, "-o", str(folder / "exports") + os.sep]
        taken[f"export {name}"] = whole([*command, *order], database)
    progress("issuing invoices")
    taken[f"invoice issue --period {PERIOD}"] = whole(
        [*command, "invoice", "issue", "--period", PERIOD, "--json"], database
    )
    lines = json.loads(replays[0].ran.printed)["lines"]["closed"]
    rows: list[tuple[str, ...]] = [("whole process", "seconds", "processor: own", "server's", "peak MB")]
    for what, each in taken.items():
        ran = each.ran
        taken_by_it = (ran.seconds, ran.processor_seconds, each.server)
        rows.append(
            (
                f"`mission-ledger {what}`",
                *(f"{seconds:.1f}" for seconds in taken_by_it),
                f"{ran.peak_bytes / MEGABYTE:.0f}",
            )
        )
    made = ", ".join(f"{name} {version(name)}" for name in ("mission-ledger", "pyarrow", "numpy", "xlsxwriter"))
    return "\n".join(
        [
            f"- Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; load {before:.1f} before.",
            f"- Python {platform.python_version()}, {made}.",
            f"- A month of {lines:,} lines, of {events:,} events; the replay is the median of {REPLAYS}.",
            "",
            table(rows),
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", help="what tests.benchmarks.billed_month wrote")
    parser.add_argument("--folder", type=Path, help="an empty folder for the ledger; default: a temporary one")
    parser.add_argument("--command", default="mission-ledger", help='e.g. "python -m commands.main" (%(default)s)')
    options = parser.parse_args()
    if (options.file is None) != (options.folder is not None and (options.folder / "ledger").exists()):
        sys.exit("give either a FILE and an empty --folder, or only a --folder that holds the ledger")
    with folder_for_ledgers(options.folder, "mission-ledger-close-") as folder:
        file: Path | None = None
        if options.file is not None:
            file = folder / options.file.name  # linked: refused lines are written beside the file
            file.symlink_to(options.file.resolve())
        print(measure(shlex.split(options.command), file, folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
