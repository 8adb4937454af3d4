"""`record`: one event, its data as key=value."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from commands.lazy import Command
from commands.session import Session
from commands.writing import event_options, record_one

if TYPE_CHECKING:
    from projections.live import Outcome

ERASURE = "ledger.subject_erased"


def _types(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from ledger.events.catalogue import ENGINE_ONLY, MADE_BY, TYPES

    taken = [name for name in TYPES if name not in ENGINE_ONLY and name not in MADE_BY]
    return [CompletionItem(name) for name in taken if name.startswith(incomplete)]


@click.command("record", cls=Command)
@click.argument("event_type", metavar="TYPE", shell_complete=_types)
@click.argument("subject")
@click.argument("pairs", metavar="[KEY=VALUE]...", nargs=-1)
@click.option("--data", help="The data as a JSON object; KEY=VALUE is put into it.")
@event_options
@click.pass_obj
def record(
    session: Session,
    event_type: str,
    subject: str,
    pairs: tuple[str, ...],
    data: str | None,
    event_id: str | None,
    source: str | None,
    time: str | None,
) -> None:
    """Record one event of TYPE about SUBJECT, and print what the engine found because of it.

    Values are typed by the event's schema: whole numbers and true/false where the field is one, text otherwise; a list
    is separated by commas; `price.amount=33.50` reaches into an object; `key:=JSON` takes JSON as it is.

    Without --time it happened now. Deadlines (a duration changed after billing closed) are judged by the clock of
    this machine, not by --time; `import` judges a history by its own times.

    ledger.subject_erased destroys the key of SUBJECT, a pro or a client, and says whether there was one: of a misspelt
    name nothing is destroyed. It may come before anything about the person does.

    The same --id and --source with the same content (--time included, so give it) is a duplicate: nothing is written,
    exit 0. With another content it is a conflict, exit 3. A refusal writes nothing, exit 1.

    \b
    Examples:
      mission-ledger record mission.accepted mission-41 pro=pro-7
      mission-ledger record mission.requested mission-42 client=client-3 city=lyon service=cleaning \\
        starts_at=2026-03-02T09:00:00+01:00 timezone=Europe/Paris duration_minutes=120 \\
        price.amount=25.00 price.currency=EUR price.per=hour
      mission-ledger record ledger.subject_erased client-3 by="A. Favre" reason="asked for it"
      mission-ledger record mission.cancelled mission-41 by=pro excused=true --time 2026-03-01T18:00:00+01:00
    """
    from commands.values import data_of

    document = data_of(event_type, data, pairs)
    with session.ledger() as ledger:
        more = partial(_destroyed, subject, ledger.has_key(subject)) if event_type == ERASURE else None
        record_one(
            session, ledger, event_type, subject, document, event_id=event_id, source=source, time=time, more=more
        )


def _destroyed(person: str, had_key: bool, outcome: Outcome) -> tuple[dict[str, Any], list[str]]:
    """What an erasure took away: the key, and with it every text that was stored under it."""
    destroyed = had_key and outcome.status == "recorded"
    if outcome.status != "recorded":
        said = []
    elif destroyed:
        said = [
            f"destroyed: the key of {person}; what was stored under it (name, address, comments …) is gone for good"
        ]
    else:
        said = [f"destroyed: nothing, as no text was stored under a key of {person}; is the name right?"]
    if said:
        said.append("no such text is recorded from now on; events, figures and amounts stay as they are")
    return {"key_destroyed": destroyed}, said
