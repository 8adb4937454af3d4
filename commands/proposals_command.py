"""`proposals`: what waits for a person's decision."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import click

from commands import claims, output, reasons, sentences, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column

_COLUMNS = (
    Column(title="pro", style="bold"),
    Column(title="proposed"),
    Column(title="rule"),
    Column(title="figures"),
    Column(title="since (UTC)"),
    Column(title="days", number=True),
    Column(title="evidence", number=True, leave_out=2),
    Column(title="policy", leave_out=3),
    Column(title="position", number=True, leave_out=1),
)


_REPORTS = (
    Column(title="pro", style="bold"),
    Column(title="reported"),
    Column(title="mission", leave_out=2),
    Column(title="since (UTC)"),
    Column(title="days", number=True),
    Column(title="report"),
    Column(title="position", number=True, leave_out=1),
)
_NO_SHOWS = (
    Column(title="pro", style="bold"),
    Column(title="no-show on"),
    Column(title="since (UTC)"),
    Column(title="days", number=True),
    Column(title="why it waits"),
    Column(title="position", number=True, leave_out=1),
)


@click.command("proposals", cls=Command)
@click.option("--pro", help="Only those about this pro.")
@click.pass_obj
def proposals(session: Session, pro: str | None) -> None:
    """List what a person has to decide, what has waited longest first: removals that a rule calls for, and claims.

    Under a policy with decision = "human" the engine proposes and changes no access. Each with its rule, the figures it
    was found on, how many events made them, the policy, and since when it waits: the time of the event that caused it,
    and full days from then to now. `decide --dismiss` decides against all open proposals of a pro.

    Claims are reports of conduct that nobody has ruled on (`reports`), and no-shows that are disputed or wait for a
    confirmation (`no_shows`). Below the tables stands what to type. A pro that no event mentions is `unknown_pro`,
    exit 1.

    \b
    Examples:
      mission-ledger proposals
      mission-ledger proposals --pro pro-7 --json | jq '.proposals[].figures'
    """
    with session.ledger() as ledger:
        document = ledger.proposals(pro)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    waiting, reports, missed = (document.get(name) or [] for name in ("proposals", "reports", "no_shows"))
    for columns, rows in (
        (_COLUMNS, [_row(each) for each in waiting]),
        (_REPORTS, [_report(each) for each in reports]),
        (_NO_SHOWS, [_no_show(each) for each in missed]),
    ):
        if rows:
            tables.show(screen, columns, rows)
            screen.print()
    calls = [_command(each) for each in waiting]
    calls += [*map(claims.on_report, reports), *map(claims.on_no_show, missed)]
    if calls:
        output.heading(screen, "To decide")
        at = f" --database {shlex.quote(session.database)}" if session.database else ""
        for call, other in dict.fromkeys(calls):
            output.line(screen, f"  mission-ledger {call}{at}   (or {other})")
        screen.print()
    counted = [sentences.count(len(waiting), "open proposal")]
    counted += [sentences.count(len(reports), "report") + " of conduct"] if reports else []
    counted += [sentences.count(len(missed), "no-show")] if missed else []
    output.line(screen, f"{', '.join(counted)}; up to #{document['position']}", style="dim")


def _report(report: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        report["pro"],
        str(report["ground"]).replace("_", " "),
        report["mission"],
        sentences.stamp(report["time"]),
        report["waiting_days"],
        report["event"],
        f"#{report['position']}",
    )


def _no_show(missed: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        missed["pro"],
        missed["mission"],
        sentences.stamp(missed["time"]),
        missed["waiting_days"],
        reasons.in_words(missed["code"]),
        f"#{missed['position']}",
    )


def _row(proposal: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        proposal["pro"],
        proposal["kind"],
        proposal["rule"],
        sentences.figures_in_short(proposal["figures"]),
        sentences.stamp(proposal["time"]),
        proposal["waiting_days"],
        f"{len(proposal['evidence']):,}",
        proposal["policy"],
        f"#{proposal['position']}",
    )


def _command(proposal: Mapping[str, Any]) -> tuple[str, str]:
    pro, rule = shlex.quote(str(proposal["pro"])), shlex.quote(str(proposal["rule"]))
    return f"decide {pro} --suspend --rule {rule} --by NAME --reason TEXT", "--dismiss"
