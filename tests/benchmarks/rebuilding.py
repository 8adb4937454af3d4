"""Deriving everything again by the real commands: `rebuild` writes all tables anew, `replay` compares in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.measuring import MEGABYTE, Measured, Ran, progress, run, watched


class Command(NamedTuple):
    """A command that went over the whole log; `within` is the speed it says of itself, start-up left out."""

    whole: Measured
    within: Measured
    peak_bytes: int

    @property
    def peak(self) -> str:
        return f"{self.peak_bytes / MEGABYTE:,.0f} MB"


def replayed(command: list[str], database: Path) -> Command:
    """`replay` of all pros, twice: what it compiles and packs the first time is there for the second."""
    progress(f"replay, {database}")
    watched([*command, "replay", "--json"], database)
    ran = watched([*command, "replay", "--json"], database)
    said = json.loads(ran.printed)
    if not said["findings"]["same"] or said["billing"]["changed"]:
        raise SystemExit(f"replay of {database} differs from what is recorded: no speed is worth measuring")
    return _command(ran, said["events"], said["seconds"])


def rebuilt(command: list[str], database: Path) -> Command:
    """`rebuild` of every projection; the tables it leaves beside are dropped, before and after."""
    progress(f"rebuild, {database}")
    run([*command, "rebuild", "--drop-old"], database)
    ran = watched([*command, "rebuild", "--json"], database)
    run([*command, "rebuild", "--drop-old"], database)
    said = json.loads(ran.printed)
    return _command(ran, said["position"], said["seconds"])


def _command(ran: Ran, events: int, seconds: float) -> Command:
    return Command(Measured(events, ran.seconds), Measured(events, seconds), ran.peak_bytes)
