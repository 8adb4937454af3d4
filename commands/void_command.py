"""`void`: a recorded event is declared wrong, by a new event."""

from __future__ import annotations

import click

from commands.instants import POSITION, event_at
from commands.lazy import Command
from commands.session import Session
from commands.writing import id_and_time_options, record_one


@click.command("void", cls=Command)
@click.argument("event", metavar="EVENT_ID|#N")
@click.option("--by", metavar="NAME", help="Who says so.")
@click.option("--reason", metavar="TEXT", help="Why it is wrong.")
@click.option("--source", help="The source of the wrong event, where several used this id.")
@id_and_time_options
@click.pass_obj
def void(
    session: Session,
    event: str,
    by: str | None,
    reason: str | None,
    source: str | None,
    event_id: str | None,
    time: str | None,
) -> None:
    """Declare the recorded event EVENT_ID (or the one at position N) wrong. It stays in the log and no longer counts.

    Figures are then as if it had never happened. What the engine found because of it stays recorded, as facts do, and
    `reviews` lists it: void a warning by its own id, and give access back with `decide --reinstate`. The same holds
    for what was judged by a policy or a baseline that is voided.

    A void that makes a mission count again (of a check-in, of a rejected no-show) is ruled on at once. The void of an
    unavailability is not: the cancellations it excused count again, and the pro's next one is judged with them;
    `replay PRO` shows what would have been found without it.

    Needs --by and --reason (`no_statement` without). An event is voided once; a void cannot be voided: record what is
    true as a new event.

    \b
    Examples:
      mission-ledger void e-9 --by "A. Favre" --reason "the client had cancelled"
      mission-ledger void '#41' --by "A. Favre" --reason "recorded for the wrong mission"
    """
    with session.ledger() as ledger:
        if event.startswith("#"):
            target = event_at(ledger, POSITION.convert(event, None, None))
            target_source, target_id = target["source"], target["id"]
        else:
            target_source, target_id, *_ = ledger.locate(event, source)
        stated = {"source": target_source, "by": by, "reason": reason}
        data = {name: value for name, value in stated.items() if value is not None}
        record_one(session, ledger, "ledger.event_voided", target_id, data, event_id=event_id, source=None, time=time)
