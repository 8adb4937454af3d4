"""`status`: what this ledger is and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from commands import output, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column

_COLUMNS = (Column(title="what", style="bold"), Column(title="value"))


@click.command("status", cls=Command)
@click.pass_obj
def status(session: Session) -> None:
    """Show the database, versions of program, schema and server, the log's extent, each projection's lag, and counts.

    The lag is how many positions a projection is behind the log: 0, as both are written in one commit.

    \b
    Example:
      mission-ledger status --json | jq .position
    """
    with session.ledger() as ledger:
        document = ledger.status()
    if session.json:
        output.print_json(document)
        return
    tables.show(output.console(), _COLUMNS, list(_flat(document)))


def _flat(document: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Nested values as `counts: pros`; a list of records is one row each, called by its name."""
    for key, value in document.items():
        name = f"{prefix}{key.replace('_', ' ')}"
        if isinstance(value, dict):
            yield from _flat(value, f"{name}: ")
        elif isinstance(value, list):
            for number, each in enumerate(value, 1):
                yield f"{name}: {each.get('name', number)}" if isinstance(each, dict) else name, _one(each)
        else:
            yield name, _one(value)


def _one(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_one(item)}" for key, item in value.items() if key != "name")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return "–" if value is None else value
