"""All benchmarks, one command, tables in Markdown: each peer in the same run, on the same data and the same server.

    python -m tests.benchmarks --history FLIGHTS.ndjson
    python -m tests.benchmarks --database DIR [DIR …] [--only replay,ask] [--sample 20000]

With --history the history is imported into a ledger of its own (removed at the end), by the real command, by the
library's recorder and by COPY; single events are appended to another; and everything else is asked of what was
imported. With --database, ledgers that hold a history already are asked: give a small one and one made of it by
`python -m tests.benchmarks.multiplied`, and the tables say how each figure grows. `rebuild` switches such a ledger to
the tables it has built, which are equal.

Sections: import, append, replay, rebuild, runner, figures, ask; `--only` names some of them, with commas between. Run
it from the top of the repository on a machine that does nothing else: the load is printed with the figures. No figure
makes it fail; an answer that differs from the ledger's does.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ledger.store import embedded
from ledger.store.database import Database, connect
from tests.benchmarks.appending import WRITERS, appended
from tests.benchmarks.asking import asked, asked_pros
from tests.benchmarks.figures import NAMES, figures
from tests.benchmarks.import_speed import written
from tests.benchmarks.measuring import LoadMeanwhile, Measured, machine, run, table, versions
from tests.benchmarks.rebuilding import Command, rebuilt, replayed
from tests.benchmarks.runner import decoded, projected

SECTIONS = ("import", "append", "replay", "rebuild", "runner", "figures", "ask")
HERE = [sys.executable, "-c", "from commands.main import main; main()"]

Speeds = dict[str, Measured]


class Asked:
    """What is asked of ledgers, smallest first: speeds by what was done, and milliseconds by question."""

    def __init__(self, command: list[str], databases: list[Path], only: set[str], sample: int, folder: Path) -> None:
        self.command, self.databases, self.only, self.sample, self.folder = command, databases, only, sample, folder
        self.speeds: list[Speeds] = [{} for _ in databases]
        self.peaks: dict[str, list[str]] = {}
        self.milliseconds: list[dict[str, float]] = []

    def ask(self) -> None:
        """Ask every ledger in turn, so that all figures of one ledger stand close together in time."""
        pros = asked_pros(self.command, self.databases[0]) if "ask" in self.only else {}
        for speeds, database in zip(self.speeds, self.databases, strict=True):
            if "replay" in self.only:
                self._derived(speeds, "replay", replayed, database)
            if "rebuild" in self.only:
                self._derived(speeds, "rebuild", rebuilt, database)
            if "runner" in self.only:
                ran, read = projected(database, self.sample), decoded(database, 5 * self.sample)
                speeds[f"eventsourcing's ProjectionRunner, one small projection (first {ran.events:,} events)"] = ran
                speeds[f"eventsourcing: read and decode alone (first {read.events:,} events)"] = read
            if "figures" in self.only:
                answers = figures(database, self.folder)
                for who, taken in (("SQL in the same PostgreSQL", answers.by_postgres), ("DuckDB", answers.by_duckdb)):
                    over = " over Parquet" if who == "DuckDB" else ""
                    speeds |= {f"{who}{over}: {NAMES[name]} alone": each for name, each in taken.items()}
            if "ask" in self.only:
                self.milliseconds.append(asked(self.command, database, pros))

    def _derived(self, speeds: Speeds, name: str, derive: Callable[[list[str], Path], Command], database: Path) -> None:
        done = derive(self.command, database)
        speeds[f"`mission-ledger {name}`, whole process"] = done.whole
        speeds[f"`mission-ledger {name}`, as it says itself, start-up left out"] = done.within
        self.peaks.setdefault(name, []).append(done.peak)

    def tables(self) -> list[str]:
        """As Markdown."""
        made = []
        sizes = [_events(each) for each in self.databases]
        if self.speeds[0]:
            head = ["everything, or one figure, derived from the log"]
            head += [each for size in sizes for each in (f"{size:,} events: seconds", "events/s")]
            rows = [head + (["time per event, last ÷ first"] if len(sizes) > 1 else [])]
            for what in self.speeds[0]:
                of_each = [each[what] for each in self.speeds]
                cells = [cell for each in of_each for cell in (f"{each.seconds:,.1f}", f"{each.per_second:,.0f}")]
                growth = f"{of_each[0].per_second / of_each[-1].per_second:.2f}"
                rows.append([what, *cells, *([growth] if len(sizes) > 1 else [])])
            made.append(table(rows))
            for name, peaks in self.peaks.items():
                made.append(f"Memory of `{name}` at its peak, its children included: {', '.join(peaks)}.")
        if self.milliseconds:
            start = "process start: importing the command line and the driver, connecting"
            rows = [["ms, whole process, median of 5 (beyond process start)", *(f"{size:,} events" for size in sizes)]]
            for what in self.milliseconds[0]:
                cells = []
                for each in self.milliseconds:
                    beyond = (
                        f" ({each[what] - each[start]:.0f})" if what.startswith("`") and "--help" not in what else ""
                    )
                    cells.append(f"{each[what]:.0f}{beyond}")
                rows.append([what, *cells])
            made.append(table(rows))
        return made


def _events(database: Path) -> int:
    with connect(Database(url=embedded.start(database), folder=database), autocommit=True) as connection:
        row = connection.execute("SELECT max(position) FROM ledger.event").fetchone()
    return int(row[0]) if row is not None and row[0] is not None else 0


def _appending(database: Path) -> str:
    try:
        taken = appended(database)
    finally:
        embedded.stop(database)
    rows = [["events/s, one event a commit, durable", *(f"{each} writers" for each in WRITERS)]]
    rows += [[way, *(f"{each.per_second:,.0f}" for each in of_way)] for way, of_way in taken.items()]
    return table(rows).replace(" 1 writers", " 1 writer")


def measure(
    command: list[str], history: Path | None, given: list[Path], only: set[str], sample: int, folder: Path
) -> str:
    """Every section that was asked for, as one block for the README."""
    blocks: list[str] = []
    databases = list(given)
    fresh = folder / "appended"
    server = json.loads(run([*command, "status", "--json"], fresh))["server"]  # started and migrated: in no figure
    with LoadMeanwhile() as watched:
        if history is not None and "import" in only:
            all_three = written(command, history, folder)
            blocks += ["\n".join(all_three.words()), table(all_three.rows())]
            databases.insert(0, folder / "ledger")
        if "append" in only:
            blocks.append(_appending(fresh))
        if databases:
            questions = Asked(command, databases, only, sample, folder)
            questions.ask()
            blocks += questions.tables()
    words = [
        f"- Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; load {watched.before:.1f} before, "
        f"at most {watched.highest:.1f} meanwhile.",
        f"- {versions(server, 'eventsourcing', 'psycopg', 'duckdb')}.",
    ]
    return "\n\n".join(["\n".join(words), *blocks])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=(__doc__ or "").splitlines()[0],
        epilog="Sections: see the module.",
    )
    parser.add_argument(
        "--history", type=Path, help="CloudEvents NDJSON, such as tests.benchmarks.flights.history writes"
    )
    parser.add_argument("--database", type=Path, nargs="+", default=[], help="folders of ledgers that hold a history")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, with commas between (%(default)s)")
    parser.add_argument("--sample", type=int, default=20_000, help="events for the ProjectionRunner (%(default)s)")
    parser.add_argument("--folder", type=Path, help="an empty folder for what is made; default: a temporary one")
    parser.add_argument("--command", default=shlex.join(HERE), help="the program (default: that of this checkout)")
    options = parser.parse_args()
    only = set(options.only.split(","))
    if only - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(only - set(SECTIONS)))}; there are {', '.join(SECTIONS)}")

    folder: Path = (options.folder or Path(tempfile.mkdtemp(prefix="mission-ledger-benchmarks-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        parser.error(f"{folder} is not empty; choose another --folder or delete it")
    try:
        history: Path | None = None
        if options.history is not None:  # linked into the folder: refused lines are written beside the file
            history = folder / options.history.name
            history.symlink_to(options.history.resolve())
        given = [each.resolve() for each in options.database]
        print(measure(shlex.split(options.command), history, given, only, options.sample, folder))
    finally:
        for each in ("ledger", "appended"):
            embedded.stop(folder / each)
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
