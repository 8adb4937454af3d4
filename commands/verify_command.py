"""`verify`: everything that can be proved."""

from __future__ import annotations

import click

from commands import output, sentences, tables
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.tables import Column
from commands.text import listed
from ledger.errors import IntegrityBroken

_COLUMNS = (Column(title="check"), Column(title="result"), Column(title="detail"))


@click.command("verify", cls=Command)
@click.pass_obj
def verify(session: Session) -> None:
    """Prove the ledger: the log is whole, every projection equals a fresh fold, recorded findings equal derived ones.

    Nothing is written and nothing is repaired. The first difference is named; the exit code is then 4. Others may
    record meanwhile: what is checked is the log up to the position it had at the start.

    \b
    Example:
      mission-ledger verify && echo sound
    """
    with session.ledger() as ledger, progress("verifying") as advance:
        document = ledger.verify(progress=advance)
    if session.json:
        output.print_json(document)
    else:
        screen = output.console()
        rows = [(each["check"], "ok" if each["ok"] else "BROKEN", each.get("detail")) for each in document["checks"]]
        tables.show(screen, _COLUMNS, rows)
        seconds = document["seconds"]
        speed = f", {document['events'] / seconds:,.0f} events/s" if seconds else ""
        output.line(
            screen,
            f"{sentences.count(document['events'], 'event')} up to #{document['position']} in {seconds:.1f} s{speed}",
            style="dim",
        )
    if not document["ok"]:
        first = document.get("first_difference") or {}
        broken = first.get("check") or next((each["check"] for each in document["checks"] if not each["ok"]), "it")
        details = {name: value for name, value in first.items() if name != "check"}
        told = listed(details) or "see the checks"
        message = f"{broken} is not what it must be; first difference: {told}"
        raise IntegrityBroken("integrity_broken", message, first_difference=first or None)
