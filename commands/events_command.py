"""`events`: what is recorded, as NDJSON."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
import orjson

from commands.instants import POSITION
from commands.lazy import Command
from commands.session import Session

if TYPE_CHECKING:
    from projections.live import LiveLedger

POLL_SECONDS = 0.5


@click.command("events", cls=Command)
@click.option(
    "--pro", help="Everything about this pro: its own events, those of missions it took part in, its invoices."
)
@click.option("--mission", help="Everything about this mission: its events, the adjustments of its bill.")
@click.option("--type", "event_type", metavar="TYPE", help="Events of this type, such as mission.cancelled.")
@click.option("--after", type=POSITION, default=0, metavar="N", help="Only events after this position.")
@click.option("--follow", is_flag=True, help="Go on printing what is recorded, until Ctrl-C.")
@click.pass_obj
def events(
    session: Session, pro: str | None, mission: str | None, event_type: str | None, after: int, follow: bool
) -> None:
    """Print recorded events in the order of the log, one JSON document a line, with and without --json.

    Each is the CloudEvents document as it came, with `sequence` (its position) and `recordedtime`. What the engine
    found and what people decided is among it, and so are the voids of what --pro or --mission chooses. Filters add up:
    each narrows further, so --pro with --mission gives what is about that mission if the pro took part in it, and where
    nothing matches, nothing is printed. A pro or a mission that no event mentions is `unknown_pro` or
    `unknown_mission`, exit 1.

    \b
    Examples:
      mission-ledger events --pro pro-7 --type mission.cancelled
      mission-ledger events --after 1000 --follow | jq .type
    """
    chosen = {"pro": pro, "mission": mission, "type": event_type}
    with session.ledger() as ledger:
        found = _followed(ledger, chosen, after) if follow else ledger.events(**chosen, after=after)
        _print(found, at_once=follow)


def _followed(ledger: LiveLedger, chosen: dict[str, Any], after: int) -> Iterator[dict[str, Any]]:
    read = -1
    while True:
        position = ledger.position()  # read first: whatever is at or before it, the next query sees
        if position > read:  # also at the very start, so that an unknown name is refused at once
            for event in ledger.events(**chosen, after=after):
                after = max(after, event["sequence"])
                yield event
            after = max(after, position)
            read = position
        time.sleep(POLL_SECONDS)


def _print(found: Iterable[dict[str, Any]], *, at_once: bool) -> None:
    out = sys.stdout.buffer
    for event in found:
        out.write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))
        if at_once:
            out.flush()
    out.flush()
