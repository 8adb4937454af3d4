"""`schema`: JSON Schema of every event type, made from the models that validate them."""

from __future__ import annotations

from typing import Any

import click

from commands import output
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Refused

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.command("schema", cls=Command)
@click.argument("event_type", metavar="[TYPE]", required=False)
@click.pass_obj
def schema(session: Session, event_type: str | None) -> None:
    """Print the JSON Schema (draft 2020-12) of every event type as one document, or that of TYPE.

    It always prints JSON, with and without --json. Beyond the schema the ledger asks that zones are IANA names, that
    amounts have no more decimals than their currency, and that a line has at most 64 KiB.

    \b
    Examples:
      mission-ledger schema > events.schema.json
      mission-ledger schema mission.accepted
    """
    output.print_json(of_type(event_type) if event_type is not None else of_all())


def of_all() -> dict[str, Any]:
    """One schema for any event: `oneOf` over the types, told apart by `type`."""
    from ledger.events.models import ANY_EVENT

    return {"$schema": DIALECT, "title": "An event of mission-ledger", **ANY_EVENT.json_schema()}


def of_type(event_type: str) -> dict[str, Any]:
    """The schema of one type. Refused: `unknown_type`."""
    from ledger.events.catalogue import TYPES
    from ledger.events.models import MODEL_OF

    model = MODEL_OF.get(event_type)
    if model is None:
        from difflib import get_close_matches

        meant = get_close_matches(event_type, TYPES, n=1)
        hint = f"did you mean {meant[0]}?" if meant else f"known are {', '.join(TYPES)}"
        raise Refused("unknown_type", f"{event_type!r} is not an event type; {hint}")
    return {"$schema": DIALECT, **model.model_json_schema()}
