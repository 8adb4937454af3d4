"""`warnings`: every warning the engine gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from commands import output, sentences, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column

_COLUMNS = (
    Column(title="warned"),
    Column(title="pro", style="bold"),
    Column(title="rule"),
    Column(title="figures"),
    Column(title="evidence", number=True, leave_out=2),
    Column(title="expires"),
    Column(title="policy", leave_out=3),
    Column(title="position", number=True, leave_out=1),
)


@click.command("warnings", cls=Command)
@click.argument("pro", required=False)
@click.pass_obj
def warnings(session: Session, pro: str | None) -> None:
    """List every warning of PRO, or of all pros, in the order they were given.

    Each with its rule, the figures it was given on, how many events made them, and its expiry. Expired and voided
    warnings, and those before a reinstatement, which begins every ladder anew, stay listed and are marked; they no
    longer count. With --json, `evidence` holds the positions.

    \b
    Example:
      mission-ledger warnings pro-7
    """
    with session.ledger() as ledger:
        document = ledger.warnings(pro)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    if document["warnings"]:
        tables.show(screen, _COLUMNS, [_row(each) for each in document["warnings"]])
    number = len(document["warnings"])
    output.line(screen, f"{sentences.count(number, 'warning')}; up to #{document['position']}", style="dim")


def _row(warning: Mapping[str, Any]) -> tuple[object, ...]:
    expires = sentences.counts_until(warning)
    state = " (voided)" if warning["voided"] else " (expired)" if warning["expired"] else ""
    return (
        sentences.date_only(warning["time"]),
        warning["pro"],
        warning["rule"],
        sentences.figures_in_short(warning["figures"]),
        f"{len(warning['evidence']):,}",
        expires + state,
        warning["policy"],
        f"#{warning['position']}",
    )
