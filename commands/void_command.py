"""`void`: a recorded event is declared wrong, by a new event."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from commands.instants import POSITION, event_at
from commands.lazy import Command
from commands.sentences import count
from commands.session import Session
from commands.writing import id_and_time_options, record_one

if TYPE_CHECKING:
    from projections.live import Outcome


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

        def opened(outcome: Outcome) -> tuple[dict[str, Any], list[str]]:
            found = [each for each in ledger.reviews()["reviews"] if _because_of(each, outcome.position)]
            pros = list(dict.fromkeys(str(each["pro"]) for each in found))
            about = f" --pro {shlex.quote(pros[0])}" if len(pros) == 1 else ""
            lines = [f"{count(len(found), 'review')} opened: mission-ledger reviews{about}"] if found else []
            return {"reviews": found}, lines

        record_one(
            session,
            ledger,
            "ledger.event_voided",
            target_id,
            data,
            event_id=event_id,
            source=None,
            time=time,
            more=opened,
        )


def _because_of(review: Mapping[str, Any], position: int | None) -> bool:
    return bool(review["cause"]) and review["cause"]["position"] == position
