"""Questions about one pro, as whole processes: how long they take, whatever the length of the log."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import median_milliseconds, progress, run

START = """
import commands.main
from ledger.store.database import connect, resolve
connect(resolve(None)).close()
"""
"""What every command does before it can ask: the command line and the driver are imported, a connection is made."""


def asked_pros(command: list[str], database: Path) -> dict[str, str]:
    """What kind of pro → its name: the one with the most missions, an ordinary one, and a suspended one."""
    pros: list[dict[str, Any]] = json.loads(run([*command, "standing", "--json"], database))["pros"]
    accepted = {each["pro"]: sum(city["accepted"] for city in each["cities"].values()) for each in pros}
    suspended = [each["pro"] for each in pros if each["access"] == "suspended"]
    chosen = {}
    for kind, among in (("most missions", list(accepted)), ("ordinary", list(accepted)), ("suspended", suspended)):
        ordered = sorted(among, key=lambda pro: (accepted[pro], pro))
        if ordered:
            pro = ordered[-1] if kind == "most missions" else ordered[len(ordered) // 2]
            chosen[f"{kind}: {accepted[pro]:,} accepted"] = pro
    return chosen


def asked(command: list[str], database: Path, pros: dict[str, str]) -> dict[str, float]:
    """Milliseconds of whole processes, median of five."""
    progress(f"asking about one pro, {database}")
    taken = {
        "`mission-ledger --help`": median_milliseconds([*command, "--help"], database),
        "process start: importing the command line and the driver, connecting": median_milliseconds(
            [sys.executable, "-c", START], database
        ),
    }
    for kind, pro in pros.items():
        for arguments in (["why", pro], ["why", pro, "--json"], ["standing", pro], ["timeline", pro], ["replay", pro]):
            said = " ".join(each if each != pro else "PRO" for each in arguments)
            taken[f"`{said}`, {kind}"] = median_milliseconds([*command, *arguments], database)
    return taken
