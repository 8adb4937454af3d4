"""`damage`: the files of declared damages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from commands import output, sentences, tables
from commands.lazy import Command
from commands.session import Session
from commands.tables import Column

_COLUMNS = (
    Column(title="mission"),
    Column(title="pro", style="bold"),
    Column(title="client", leave_out=4),
    Column(title="declared (UTC)"),
    Column(title="in time"),
    Column(title="client told", leave_out=2),
    Column(title="estimate", number=True),
    Column(title="documents", leave_out=1),
    Column(title="missing"),
    Column(title="policy", leave_out=5),
    Column(title="position", number=True, leave_out=3),
)


@click.command("damage", cls=Command)
@click.option("--incomplete", is_flag=True, help="Only files that lack a document.")
@click.option("--pro", help="Only damages that this pro declared.")
@click.option("--mission", help="Only the file of this mission.")
@click.pass_obj
def damage(session: Session, incomplete: bool, pro: str | None, mission: str | None) -> None:
    """List the damage files: who declared what when, which documents are there, and which are missing.

    The policy in force at the declaration says which documents a file needs, and within how many days (of 24 hours)
    after the session's end a damage is to be declared; while no completion is known, after its planned end. A later
    declaration is marked late, never refused. Documents count whether they arrive before the declaration or after.

    The first declaration makes the mission's file; further ones are recorded and counted. A voided declaration no
    longer makes one. A declared damage is no fault: it never enters a figure, a warning or a bill. What happened is
    personal text and not shown here. Unknown names are `unknown_pro` or `unknown_mission`, exit 1.

    \b
    Examples:
      mission-ledger damage --incomplete
      mission-ledger damage --mission mission-41 --json | jq '.files[].missing'
    """
    with session.ledger() as ledger:
        document = ledger.damage(pro=pro, mission=mission, incomplete=incomplete)
    if session.json:
        output.print_json(document)
        return
    screen = output.console()
    files = document["files"]
    if files:
        tables.show(screen, _COLUMNS, [_row(each) for each in files])
    which = "incomplete damage file" if incomplete else "damage file"
    output.line(screen, f"{sentences.count(len(files), which)}; up to #{document['position']}", style="dim")


def _row(file: Mapping[str, Any]) -> tuple[object, ...]:
    estimate = file["estimate"]
    further = f" (and {file['declarations'] - 1} more)" if file["declarations"] > 1 else ""
    informed = file["client_informed"]
    return (
        file["mission"],
        file["pro"] or "unknown",
        file["client"],
        sentences.stamp(file["time"]) + further,
        f"late: due {sentences.stamp(file['due_at'])}" if file["late"] else "yes",
        "not said" if informed is None else "yes" if informed else "no",
        f"{estimate['amount']} {estimate['currency']}" if estimate else None,
        _kinds(file["present"]),
        _kinds(file["missing"]) or "complete",
        file["policy"],
        f"#{file['position']}",
    )


def _kinds(documents: Sequence[str]) -> str:
    return ", ".join(each.replace("_", " ") for each in documents)
