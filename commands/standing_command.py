"""`standing`: figures, warnings and access."""

from __future__ import annotations

import click

from commands import output
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Misused

ACCESSES = ("active", "restricted", "suspended", "excluded")


@click.command("standing", cls=Command)
@click.argument("pro", required=False)
@click.option("--access", type=click.Choice(ACCESSES), help="Only pros who have this access now.")
@click.pass_obj
def standing(session: Session, pro: str | None, access: str | None) -> None:
    """Show the figures, warnings and access of PRO, or of every pro.

    Per city: missions accepted; of them cancelled by the pro or missed, each mission once; the rate of both; how many
    of the last missions were rated and their mean; and cancellations shortly before the start. Excused cancellations,
    refusals and what clients or the platform did never count. Access follows from decisions alone; a restriction
    whose end has passed is over. A pro that no event mentions is `unknown_pro`, exit 1.

    What looks back over some days (late cancellations) is counted up to the pro's latest event, by the policy of that
    event (`policy`), so that the table does not change by itself; `why` counts up to now. Warnings are all that were
    given; `why` tells which of them expired. Those before a reinstatement are marked: they no longer count.

    \b
    Examples:
      mission-ledger standing pro-7
      mission-ledger standing --access suspended --json | jq -r .pros[].pro
    """
    if pro is not None and access is not None:
        raise Misused("usage", "--access filters the table of all pros; leave out PRO")
    with session.ledger() as ledger:
        document = ledger.standing(pro) if pro is not None else ledger.standings(access)
    if session.json:
        output.print_json(document)
        return
    from commands import standing_page

    show = standing_page.show_one if pro is not None else standing_page.show_all
    show(output.console(), document)
