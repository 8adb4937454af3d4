"""`proposals`: what waits for a person's decision."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import click

from commands import output, sentences, tables
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


@click.command("proposals", cls=Command)
@click.option("--pro", help="Only those about this pro.")
@click.pass_obj
def proposals(session: Session, pro: str | None) -> None:
    """List the removals that a rule calls for and a person has to decide, the one that has waited longest first.

    Under a policy with decision = "human" the engine proposes and changes no access. Each with its rule, the figures it
    was found on, how many events made them, the policy, and since when it waits: the time of the event that caused it,
    and full days from then to now. Below the table stands what to type. `decide --dismiss` decides against all open
    proposals of a pro. A pro that no event mentions is `unknown_pro`, exit 1.

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
    waiting = document["proposals"]
    if waiting:
        tables.show(screen, _COLUMNS, [_row(each) for each in waiting])
        screen.print()
        output.heading(screen, "To decide")
        for command in dict.fromkeys(_command(each, session.database) for each in waiting):
            output.line(screen, f"  {command}")
        screen.print()
    output.line(screen, f"{sentences.count(len(waiting), 'open proposal')}; up to #{document['position']}", style="dim")


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


def _command(proposal: Mapping[str, Any], database: str | None) -> str:
    pro, rule = shlex.quote(str(proposal["pro"])), shlex.quote(str(proposal["rule"]))
    at = f" --database {shlex.quote(database)}" if database else ""
    return f"mission-ledger decide {pro} --suspend --rule {rule} --by NAME --reason TEXT{at}   (or --dismiss)"
