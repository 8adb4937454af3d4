"""What a person types to rule on a claim: a report of conduct, a no-show that is disputed or to be confirmed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
DISPUTED = ("no_show_disputed", "no_show_awaits_confirmation")


def to_rule(why: Document) -> list[tuple[str, str]]:
    """(the call that confirms, the type that says the opposite) of all that an account says is still to be ruled on."""
    missed = [each for each in why.get("anomalies") or () if each["code"] in DISPUTED]
    return [*map(on_report, why.get("reports") or ()), *map(on_no_show, missed)]


def on_report(report: Document) -> tuple[str, str]:
    """`record pro.conduct_confirmed pro-7 report=r-1 by=NAME reason=TEXT`."""
    pro, named = shlex.quote(str(report["pro"])), shlex.quote(f"report={report['event']}")
    return f"record pro.conduct_confirmed {pro} {named} by=NAME reason=TEXT", "pro.conduct_dismissed"


def on_no_show(missed: Document) -> tuple[str, str]:
    """`record mission.no_show_confirmed m-1 by=NAME`."""
    return f"record mission.no_show_confirmed {shlex.quote(str(missed['mission']))} by=NAME", "mission.no_show_rejected"
