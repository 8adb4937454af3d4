"""`rebuild`: the projections made anew from the log, compared, and put in the place of the live ones."""

from __future__ import annotations

from typing import Any

import click

from commands import output, sentences, tables
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from commands.tables import Column
from commands.text import listed
from ledger.errors import IntegrityBroken

_COLUMNS = (
    Column(title="projection"),
    Column(title="version"),
    Column(title="rows", number=True),
    Column(title="result"),
)


@click.command("rebuild", cls=Command)
@click.option("--drop-old", is_flag=True, help="Rebuild nothing; drop the tables kept from before the last rebuild.")
@click.pass_obj
def rebuild(session: Session, drop_old: bool) -> None:
    """Build every projection from the log beside the live one, compare row by row, and switch to it.

    Others go on meanwhile. Who records waits only for the last step, the comparison: a few seconds where there are
    millions of events. The tables from before are kept, in schema projection_old; the next rebuild is refused until
    --drop-old has dropped them.

    A difference is named, nothing is switched, and the exit code is 4. Only a projection that an older version of this
    program wrote may differ: it is not compared. A rebuild that was cut off goes on where it was when it is run again;
    --drop-old drops what it left as well.

    \b
    Examples:
      mission-ledger rebuild
      mission-ledger rebuild --drop-old
    """
    from ledger.store.database import resolve
    from ledger.store.schema import prepare
    from projections import rebuilding

    # Not the session's ledger: that one fills or refuses the figures of an older version before anything else.
    database = resolve(session.database)
    prepare(database)
    if drop_old:
        _say_dropped(session, rebuilding.drop_old(database))
        return
    with progress("rebuilding") as advance:
        document = rebuilding.rebuild(database, progress=advance)
    if session.json:
        output.print_json(document)
    else:
        _show(document)
    first = document["first_difference"]
    if first is not None:
        message = f"the live tables are not what the log says, nothing is switched; first difference: {listed(first)}"
        raise IntegrityBroken("integrity_broken", message, first_difference=first)


def _say_dropped(session: Session, dropped: list[str]) -> None:
    if session.json:
        output.print_json({"ok": True, "dropped": dropped})
        return
    done = f"dropped {' and '.join(dropped)}" if dropped else "nothing is left from a rebuild"
    output.line(output.console(), done)


def _show(document: dict[str, Any]) -> None:
    screen = output.console()
    tables.show(
        screen,
        _COLUMNS,
        [(each["name"], _versions(each), each["rows"], _result(each)) for each in document["projections"]],
    )
    resumed = f", going on from #{document['resumed_at']:,}" if document["resumed_at"] else ""
    output.line(
        screen,
        f"{sentences.count(document['events'], 'event')} up to #{document['position']}{resumed} "
        f"in {document['seconds']:.1f} s, {document['events_per_second']:,} events/s",
        style="dim",
    )
    if document["switched"]:
        output.line(
            screen,
            f"switched; the tables from before are kept in schema {document['kept']} until mission-ledger rebuild "
            "--drop-old",
        )


def _versions(each: dict[str, Any]) -> str:
    before, now = each["version_live"], each["version_built"]
    return str(now) if before in (None, now) else f"{before} → {now}"


def _result(each: dict[str, Any]) -> str:
    if not each["compared"]:
        return "built anew by another version, not compared"
    return "same" if each["same"] else "DIFFERS"
