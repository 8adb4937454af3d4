"""`timeline`: everything about a pro or a mission, in order."""

from __future__ import annotations

import click

from commands import output
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Misused


@click.command("timeline", cls=Command)
@click.argument("subject", metavar="PRO|MISSION")
@click.option("--pro", "as_pro", is_flag=True, help="SUBJECT is a pro; needed only where it is also a mission.")
@click.option("--mission", "as_mission", is_flag=True, help="SUBJECT is a mission.")
@click.option(
    "--order",
    type=click.Choice(("recorded", "occurred")),
    default="recorded",
    help="As the ledger learnt it (the default), or as it happened.",
)
@click.option("--all", "everything", is_flag=True, help="Print every event, not only the last 40.")
@click.pass_obj
def timeline(session: Session, subject: str, as_pro: bool, as_mission: bool, order: str, everything: bool) -> None:
    """Show every event of a pro or a mission in order, when it happened and when it was recorded, and what it changed.

    Each change is what the ledger saw when the event was recorded: before → after. Of a mission: its state and holder,
    start, minutes, what it counts for whom, its bill, anomalies and their healing, what was set aside. Of a pro: the
    figures of the city concerned, no-shows, warnings, proposals, access, complaints, and of its missions the state,
    the check-in and the bill; what other pros did on these missions is on the missions' own timelines.

    `late` marks what had happened before something of the same mission or pro that was recorded earlier. A voided event
    stays in its place and is marked; the void shows what it took back. What the engine wrote names its cause. With
    --order occurred the changes stay those of the recorded order, so they need not follow one another. Personal text
    is never shown. Times are UTC.

    \b
    Examples:
      mission-ledger timeline mission-41
      mission-ledger timeline pro-7 --all
      mission-ledger timeline pro-7 --json | jq '.entries[] | select(.late)'
    """
    if as_pro and as_mission:
        raise Misused("usage", "give --pro or --mission, not both")
    kind = "pro" if as_pro else "mission" if as_mission else None
    with session.ledger() as ledger:
        document = ledger.timeline(subject, kind, order)
    if session.json:
        output.print_json(document)
        return
    from commands import timeline_page

    timeline_page.show(output.console(), document, everything=everything)
