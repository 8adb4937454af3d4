"""`stop`: the embedded server of a folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands import output
from commands.lazy import Command
from commands.session import Session
from ledger.errors import Misused


@click.command("stop", cls=Command)
@click.pass_obj
def stop(session: Session) -> None:
    """Stop the embedded server of the folder; it otherwise stays up between commands, so that they answer at once.

    Nothing recorded is lost, other commands that use the folder lose their connection, and the next one starts it
    again. A server named by URL is not ours to stop. Where none runs, it says so, exit 0.

    \b
    Example:
      mission-ledger stop --database ./ledger
    """
    from ledger.store import embedded

    folder = _folder(session.database)
    ran = folder.exists() and embedded.running(folder)
    if folder.exists():
        embedded.stop(folder)
    if session.json:
        output.print_json({"folder": str(folder), "stopped": ran})
        return
    output.line(output.console(), f"stopped the server in {folder}" if ran else f"no server runs in {folder}")


def _folder(named: str | None) -> Path:
    """The folder, found as `resolve` finds it, but without starting the server in it."""
    from ledger.store.database import VARIABLE, _default_folder

    place = named or os.environ.get(VARIABLE) or _default_folder()
    if "://" in place:
        raise Misused("usage", "only the embedded server of a folder can be stopped, not a server named by URL")
    return Path(place).expanduser()
