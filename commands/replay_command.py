"""`replay`: the facts told again, and what differs from what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from commands import output
from commands.instants import INSTANT, POSITION, event_at, resolved
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.speed import SPEED
from ledger.errors import Misused, Refused

if TYPE_CHECKING:
    from projections.live import LiveLedger


@click.command("replay", cls=Command)
@click.argument("pros", metavar="[PRO]...", nargs=-1)
@click.option("--known-at", type=INSTANT, help="As if nothing had been recorded since: an instant, a date, or #N.")
@click.option("--as-of", type=INSTANT, help="As if nothing had happened since: an instant, a date, or #N.")
@click.option(
    "--order",
    type=click.Choice(("recorded", "occurred")),
    default="recorded",
    help="Tell the events as they were recorded (default), or as they occurred: what should have been found.",
)
@click.option(
    "--policy", metavar="FILE", help="This version at any time instead of the published ones: file, preset, id@version."
)
@click.option(
    "--without", multiple=True, metavar="EVENT_ID|#N", help="As if this event had never happened; may be repeated."
)
@SPEED
@click.option("--diff", is_flag=True, help="Print the differences in words; it is what is done without --json.")
@click.pass_obj
def replay(
    session: Session,
    pros: tuple[str, ...],
    known_at: str | None,
    as_of: str | None,
    order: str,
    policy: str | None,
    without: tuple[str, ...],
    speed: str,
    diff: bool,
) -> None:
    """Derive findings, access and bills again from the facts, and print how they differ from what is recorded.

    Of each PRO (with the accounts linked to it), or of all. Nothing is written. A difference is an answer, not an
    error: the exit code is 0.

    Facts are everything that people sent, their decisions too; the engine's events are derived anew. A voided fact is
    left out from the start, as if it had never happened, so a finding that rested on it shows as no longer following;
    --known-at before the void tells it as it was then. The void of a warning or a proposal, like any decision, counts
    from when it was made. With a late fact, --order occurred finds what should have been found at the time.

    Each difference names the events that made it, as far as events did: what was taken away or voided or is refused
    now, what was recorded only after it had happened, and what the record knew before it had happened. Under --policy
    one that names none is made by the policy.

    All options can be combined. A fact that would now be refused is left out and listed. Baselines count under any
    --policy. Where two sources used one id, write --without SOURCE/ID. --as-of looks at when things happened,
    --known-at at when they were recorded; what is compared is what was recorded within the same bounds, and access is
    that at --as-of, else at --known-at, else now.

    \b
    Examples:
      mission-ledger replay
      mission-ledger replay pro-7 --without e-9
      mission-ledger replay pro-7 --known-at 2026-03-12 --json
      mission-ledger replay --order occurred --policy eu-2026
    """
    with session.ledger() as ledger, progress("telling the facts again") as advance:
        document = ledger.replay(
            list(dict.fromkeys(pros)),
            known_at=_known(known_at),
            as_of=resolved(ledger, as_of),
            order=order,
            policy=ledger.policy(policy) if policy is not None else None,
            without=[_position(ledger, each) for each in without],
            speed=speed,
            progress=advance,
        )
    if session.json:
        output.print_json(document)
        return
    from commands import replay_page

    replay_page.show(output.console(), document)


def _known(named: str | None) -> str | int | None:
    return POSITION.convert(named, None, None) if named is not None and named.startswith("#") else named


def _position(ledger: LiveLedger, named: str) -> int:
    """The position of an event: `#N`, an id, or `SOURCE/ID` where several sources used the id."""
    if named.startswith("#"):
        return int(event_at(ledger, POSITION.convert(named, None, None))["sequence"])
    try:
        return ledger.locate(named)[2]
    except Misused as ambiguous:
        told = ambiguous.message.partition(";")[0]
        raise Misused(ambiguous.code, f"{told}; write SOURCE/{named} or #N") from None
    except Refused:
        for index, character in enumerate(named):
            if character == "/":
                try:
                    return ledger.locate(named[index + 1 :], named[:index])[2]
                except Refused:
                    continue
        raise
