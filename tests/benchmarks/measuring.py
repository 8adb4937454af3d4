"""What every benchmark needs: running a command, watching it, the machine it ran on, and the table that it makes."""

from __future__ import annotations

import contextlib
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg

from ledger.store import embedded
from ledger.store.database import VARIABLE

SAMPLE_SECONDS = 0.1
MEGABYTE = 1 << 20
RUNS = 5


class Measured(NamedTuple):
    """How long something took that was done to so many events."""

    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


class Ran(NamedTuple):
    """A process that was run to its end: what it printed, and what it and its children took together."""

    printed: str
    seconds: float
    processor_seconds: float
    peak_bytes: int


def run(command: list[str], database: Path, *, allowed: Sequence[int] = (0,)) -> str:
    """What a command prints; its own error line ends the benchmark."""
    done = subprocess.run(command, env=environment(database), stdout=subprocess.PIPE, text=True, check=False)
    _check(command, done.returncode, allowed)
    return done.stdout


def watched(command: list[str], database: Path, *, allowed: Sequence[int] = (0,)) -> Ran:
    """Run a command and watch its memory; the server's own processes are not among its children."""
    before, began = os.times(), time.monotonic()
    started = subprocess.Popen(command, env=environment(database), stdout=subprocess.PIPE, text=True)
    process, peak = psutil.Process(started.pid), 0
    while True:
        try:
            printed, _ = started.communicate(timeout=SAMPLE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, memory_bytes(process))
    seconds, after = time.monotonic() - began, os.times()
    _check(command, started.returncode, allowed)
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(printed, seconds, used, peak)


@contextlib.contextmanager
def folder_for_ledgers(named: Path | None, prefix: str) -> Iterator[Path]:
    """The folder that was named, or a temporary one that is removed; the server of `ledger` in it is stopped."""
    folder = (named or Path(tempfile.mkdtemp(prefix=prefix))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        embedded.stop(folder / "ledger")
        if named is None:
            shutil.rmtree(folder, ignore_errors=True)


def environment(database: Path) -> dict[str, str]:
    """That of a command on a ledger. Byte code is kept, as where the program is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {VARIABLE: str(database), "NO_COLOR": "1"}


def _check(command: list[str], code: int, allowed: Sequence[int]) -> None:
    if code not in allowed:
        sys.exit(f"{shlex.join(command)} ended with {code}")


def memory_bytes(process: psutil.Process) -> int:
    """Resident memory of a process and its children now; pages they share are counted twice."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += each.memory_info().rss
    return total


def median_milliseconds(command: list[str], database: Path) -> float:
    """The median of whole processes, from start to exit, the first of them left out: it warms the caches."""
    taken = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        run(command, database)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:]) * 1000


@contextlib.contextmanager
def own_schema(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A schema `benchmark` beside the ledger's for what is compared with it, dropped at the end."""
    connection.execute("DROP SCHEMA IF EXISTS benchmark CASCADE")
    connection.execute("CREATE SCHEMA benchmark")
    try:
        yield
    finally:
        connection.execute("DROP SCHEMA benchmark CASCADE")


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


def load() -> float:
    """How many processes ran or waited to run in the last minute."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def versions(server: str | None, *packages: str) -> str:
    """Of Python, of the server, of this program and of the packages."""
    made = ", ".join(f"{name} {version(name)}" for name in ("mission-ledger", *packages))
    return f"Python {platform.python_version()}, PostgreSQL {server} (embedded), {made}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first row is its head, every column but the first is of numbers."""
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "| --- |" + " ---: |" * (len(rows[0]) - 1), *body])


def progress(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what} …", file=sys.stderr, flush=True)


class LoadMeanwhile:
    """The highest load while something is measured: what says whether a figure may be trusted."""

    def __enter__(self) -> LoadMeanwhile:
        self.before = self.highest = load()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def _look(self) -> None:
        while not self._over.wait(5):
            self.highest = max(self.highest, load())

    def __exit__(self, *failed: object) -> None:
        self._over.set()
        self._watch.join()
