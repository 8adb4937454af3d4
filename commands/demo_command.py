"""`demo`: the bundled month in a throw-away ledger."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from commands import output, sentences
from commands.lazy import Command
from commands.progress import progress
from commands.session import Session
from ledger.errors import Misused

if TYPE_CHECKING:
    from commands.screen import Screen
    from projections.live import LiveLedger, Outcome

BILLING_LINES = 12
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@click.command("demo", cls=Command)
@click.option("--keep", metavar="FOLDER", help="Load it into this empty folder and keep it, to try other commands.")
@click.pass_obj
def demo(session: Session, keep: str | None) -> None:
    """Load a bundled sample month and show every pro's standing, why one of them is suspended, and the billing table.

    The ledger is a throw-away embedded one in a temporary folder, removed at the end; --database is not touched. The
    month has three cities and two currencies; a few of its events must be refused, and are named.

    \b
    Examples:
      mission-ledger demo
      mission-ledger demo --keep ./demo
      mission-ledger why pro-bruno --database ./demo
    """
    from commands.demo.month import EXPLAINED, events

    with _folder(keep) as folder, session.opener(str(folder)) as ledger:
        with progress("recording the sample month"):
            outcomes = ledger.record(list(events()), live=False)
        answer = _answers(ledger, EXPLAINED, outcomes)
        if session.json:
            output.print_json(answer)
        else:
            _show(output.console(), answer, keep)


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    """The folder that was named, or one whose server is stopped and which is removed whatever happens."""
    from ledger.store import embedded

    if keep is not None:
        folder = Path(keep).expanduser()
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Misused("usage", f"{keep} is not empty; the demo would mix with what is there: name a new folder")
        yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="mission-ledger-demo-"))
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _undisturbed():
            embedded.start(folder)
        yield folder
    finally:
        with _undisturbed():
            try:
                embedded.stop(folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        signal.signal(signal.SIGTERM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the server is up, or gone: a half-started one would outlive its folder."""
    noted: list[int] = []
    before = {each: signal.signal(each, lambda number, frame: noted.append(number)) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    if noted:
        raise KeyboardInterrupt


def _answers(ledger: LiveLedger, explained: str, outcomes: list[Outcome]) -> dict[str, Any]:
    refused = [{"code": each.error.code, "message": each.error.message} for each in outcomes if each.error is not None]
    counts = {
        "events": len(outcomes),
        "recorded": sum(each.status == "recorded" for each in outcomes),
        "duplicates": sum(each.status == "duplicate" for each in outcomes),
        "findings": sum(len(each.findings) for each in outcomes),
        "refused": refused,
    }
    return {
        "recording": counts,
        "standings": ledger.standings(None),
        "why": ledger.why(explained),
        "billing": ledger.billing(),
    }


def _show(screen: Screen, answer: dict[str, Any], keep: str | None) -> None:
    from commands import billing_command, standing_page, why_page
    from commands.main import COMMANDS

    counts = answer["recording"]
    output.paragraph(
        screen,
        f"{counts['events']} events of a sample month: {counts['recorded']} recorded, {counts['findings']} findings of "
        f"the engine, {sentences.count(counts['duplicates'], 'duplicate')}, {len(counts['refused'])} refused.",
    )
    for each in counts["refused"]:
        output.paragraph(screen, f"refused: {each['message']} ({each['code']})", indent=2, style="dim")
    _title(screen, "mission-ledger standing")
    standing_page.show_all(screen, answer["standings"])
    _title(screen, f"mission-ledger why {answer['why']['pro']}")
    why_page.show(screen, answer["why"], everything=False, commands=COMMANDS)
    _title(screen, "mission-ledger billing")
    billing_command.show(screen, answer["billing"], at_most=BILLING_LINES)
    screen.print()
    if keep is not None:
        output.line(screen, f"The ledger is kept: mission-ledger events --database {keep}")
    else:
        output.line(screen, "Keep it to look around: mission-ledger demo --keep ./demo", style="dim")


def _title(screen: Screen, text: str) -> None:
    screen.print()
    output.line(screen, f"$ {text}", style="bold cyan")
    screen.print()
