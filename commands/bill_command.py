"""`billing MISSION`: how an amount came about."""

from __future__ import annotations

import click

from commands import output
from commands.lazy import Command
from commands.session import Session


@click.command("mission", cls=Command)
@click.argument("mission")
@click.pass_obj
def mission(session: Session, mission: str) -> None:
    """Show how the amount of MISSION came about, from the request to the cent, each input with its event.

    `billing MISSION` is the same, unless the mission has the name of a command.

    Every change of duration, added service and adjustment, the policy version that gave the rates and what chose it,
    each amount before and after rounding, the closing instant in the mission's zone, and the entries that closed
    periods hold of it, also where it bears nothing any more, and then why. Nothing in it needs another document.

    \b
    Examples:
      mission-ledger billing mission-41
      mission-ledger billing mission-41 --json | jq .calculation
    """
    with session.ledger() as ledger:
        document = ledger.mission_bill(mission)
    if session.json:
        output.print_json(document)
        return
    from commands import bill_page

    bill_page.show(output.console(), document)
