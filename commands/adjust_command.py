"""`adjust`: after a mission's bill closed, another duration or a refund, by a credit note and a new line."""

from __future__ import annotations

from typing import Any

import click

from commands import output
from commands.instants import resolved
from commands.lazy import Command
from commands.session import Session
from commands.writing import envelope, event_options
from ledger.errors import Misused
from ledger.money import AMOUNT

MOST_PARTS = 120


@click.command("adjust", cls=Command)
@click.argument("mission")
@click.option("--duration-minutes", type=int, metavar="N", help="Bill this duration instead, at the same terms.")
@click.option("--refund", metavar="AMOUNT", help="Give back this much of the gross amount, in the mission's currency.")
@click.option("--parts", type=click.IntRange(1, MOST_PARTS), metavar="N", help="Give the refund back in N parts.")
@click.option("--by", metavar="NAME", help="Who decides it.")
@click.option("--reason", metavar="TEXT", help="Why.")
@event_options
@click.pass_obj
def adjust(
    session: Session,
    mission: str,
    duration_minutes: int | None,
    refund: str | None,
    parts: int | None,
    by: str | None,
    reason: str | None,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Change the amount of MISSION after its bill closed: exactly one of --duration-minutes and --refund.

    Before that instant record mission.duration_modified instead. The terms stay those agreed at acceptance (of a fee
    for an absent client, those at the absence): the new duration is priced as the old one was; a refund lowers the
    gross amount, never below nothing, and commission and VAT are worked out again from what is left. Refunds add up; of
    several durations the last one counts. A refund in parts is split so that the parts make up exactly the amount, the
    larger ones first. A price for the whole mission does not follow the duration: --duration-minutes is refused there
    (`invalid_transition`), give a --refund.

    A closed period stays as it is. The difference goes into the next one that is closed, as a credit that takes the
    frozen line back and a new line. To take an adjustment back, void its event.

    Needs --by and --reason (`no_statement` without). The amount has no more decimals than the currency (`too_precise`).

    \b
    Examples:
      mission-ledger adjust mission-41 --duration-minutes 90 --by "C. Roux" --reason "left half an hour early"
      mission-ledger adjust mission-41 --refund 10.00 --parts 3 --by "C. Roux" --reason "complaint of 3 May"
    """
    if (duration_minutes is None) == (refund is None):
        raise Misused("usage", "give exactly one of --duration-minutes and --refund")
    if parts is not None and refund is None:
        raise Misused("usage", "--parts belongs to --refund")
    if refund is not None and not AMOUNT.fullmatch(refund):
        raise Misused("usage", f"--refund {refund!r} is no amount; write digits and a point, as in 33.50, no currency")
    data: dict[str, Any] = {"by": by, "reason": reason, "duration_minutes": duration_minutes, "parts": parts}
    if refund is not None:
        data["refund"] = {"amount": refund}
    with session.ledger() as ledger:
        before = ledger.mission_bill(mission)["line"]
        happened = resolved(ledger, time)
        document = envelope(session, "billing.adjusted", mission, data, event_id=event_id, source=source, time=happened)
        outcome = ledger.adjust(document)
        bill = ledger.mission_bill(mission)
    fact = next(each for each in bill["facts"] if each["position"] == outcome.position)
    answer = {
        "status": outcome.status,
        "mission": mission,
        "position": outcome.position,
        "event": fact["event"],
        "parts": fact["parts"],
        "before": before,
        "after": bill["line"],
    }
    if session.json:
        output.print_json(answer)
        return
    screen = output.console()
    if outcome.status == "duplicate":
        output.line(screen, f"#{outcome.position} is recorded already with the same content; nothing written")
        return
    output.line(screen, f"#{outcome.position} the bill of {mission} is adjusted by {by} (id {fact['event']})")
    for name, title in (("minutes", "minutes"), ("gross", "gross"), ("commission", "commission"), ("vat", "VAT")):
        was, now = before[name], bill["line"][name]
        if was != now:
            output.line(screen, f"  {title} {was} → {now}")
    if len(fact["parts"]) > 1:
        output.line(screen, f"  given back in {len(fact['parts'])} parts: {', '.join(fact['parts'])}")
    output.line(
        screen, "  a closed period stays as it is: the next one that is closed takes the difference", style="dim"
    )
