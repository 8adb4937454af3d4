"""How fast a whole history is told again: whole processes on ledgers that are there already, and the fold alone.

    python -m tests.benchmarks.replay_speed LEDGER [LEDGER …] [--command CMD]

LEDGER is a folder with an embedded server and a history of at least 100,000 events; nothing is written but its columns,
if it has none. Of the first one also the very first replay is measured, with nothing compiled. Prints one Markdown
block for the README. Seconds on the clock depend on what else runs, seconds of the processor less so; those of the
server are not among them.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ledger.store.database import Connection
from projections.columns.reading import Events, Log, Stored
from projections.compiled import judging, telling
from projections.compiled.billing import Biller
from projections.compiled.deriving import DETAIL, Telling, filled
from projections.compiled.people import entries_at
from projections.live import open_ledger
from projections.replay.assumptions import Assumptions, Bounds
from projections.replay.extent import last_position
from projections.replay.streams import read_shared
from tests.benchmarks.measuring import MEGABYTE, Ran, load, machine, progress, table, watched

RUNS = 3
FOLDS = 7
POLICY = "eu-2026"


class InMemory(Log):
    """A log that was read before."""

    def __init__(self, log: Log) -> None:
        super().__init__(log.source)
        self._stretches = list(log)
        self.names, self._ids = log.names, [log.mission_ids]

    def __iter__(self) -> Iterator[Events]:
        return iter(self._stretches)


def fold(connection: Connection) -> dict[str, float]:
    """Seconds of one core for each part of the fold, over columns in memory: the least of several runs."""
    judging.JUDGES_AT_MOST = 1
    until = last_position(connection)
    shared, source = read_shared(connection, Bounds(until=until)), Stored(connection, until)
    log = InMemory(Log(source))
    runs = [_fold(Telling(source, shared, Assumptions(), entries_at(connection), at=0), log) for _ in range(FOLDS)]
    return {part: min(each[part] for each in runs) for part in runs[0]}


def _fold(one: Telling, log: Log) -> dict[str, float]:
    one.log = log
    one._ordered()
    one._tables()
    assert one.tables is not None
    one.book = telling.with_pros(one.book, len(log.names["pro"].number))
    told = [(one._records(events, positions), filled(DETAIL, events)) for events, positions in one._stretches()]
    one.book.missions[:] = 0  # the memory is there before the clock runs
    one.book.moves.view("u1")[::4096] = 0
    taken, began = {}, time.process_time()

    def took(part: str) -> None:
        nonlocal began
        taken[part], began = time.process_time() - began, time.process_time()

    for records, details in told:
        telling.tell(records, details, one.book, one.tables.terms)
    took("missions told")
    missions = one.book.missions[: len(log.mission_ids)]
    Biller(missions, one.book.later, one.tables, log.names)
    took("lines billed")
    odd = one._odd(missions)
    began = time.process_time()
    moves = one._moves(missions, odd)
    judging.Judging(one.tables.terms, moves, one.book.judged, at=0).everybody()
    took("pros judged")
    return taken


def measured(command: list[str], ledger: Path) -> Ran:
    """The run of several with the median of seconds on the clock, of a whole process."""
    runs = [watched(command, ledger) for _ in range(RUNS)]
    return next(each for each in runs if each.seconds == statistics.median_low([every.seconds for every in runs]))


def row(what: str, events: int, taken: Ran) -> list[str]:
    """A row of the table."""
    figures = taken.processor_seconds, taken.seconds, events / taken.seconds, taken.peak_bytes / MEGABYTE
    return [what, *(f"{each:,.{digits}f}" for each, digits in zip(figures, (1, 1, 0, 0), strict=True))]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("ledgers", metavar="LEDGER", type=Path, nargs="+")
    arguments.add_argument("--command", default="mission-ledger")
    given = arguments.parse_args()
    command, before = shlex.split(given.command), load()
    rows: list[list[str]] = [["whole process", "processor seconds", "on the clock", "events/s", "peak MB"]]
    folds: list[Any] = []
    for ledger in given.ledgers:
        with open_ledger(str(ledger)) as opened:
            events = opened.position()
            progress(f"{ledger}: the fold alone")
            folds.append((events, fold(opened.connection)))
        progress(f"{ledger}: replays")
        watched([*command, "replay", "--json"], ledger)
        rows.append(row(f"`replay`, {events:,} events", events, measured([*command, "replay", "--json"], ledger)))
        simulation = [*command, "policy", "simulate", POLICY, "--json"]
        rows.append(row(f"`policy simulate {POLICY}`, {events:,} events", events, measured(simulation, ledger)))
    progress("the very first replay")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        first = watched([*command, "replay", "--json"], given.ledgers[0])
    rows.insert(2, row("the very first `replay`: the rules compiled", folds[0][0], first))
    print(f"- Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}; load {before:.1f} before, {load():.1f} after.\n")
    print(table(rows))
    for events, parts in folds:
        told = ", ".join(f"{part} {seconds * 1000:.0f} ms" for part, seconds in parts.items())
        rate = events / (parts["missions told"] + parts["pros judged"]) / 1e6
        print(f"\nThe fold of {events:,} events on one core: {told}; {rate:.1f} million events/s, billing apart.")


if __name__ == "__main__":
    main()
