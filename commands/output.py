"""Answers on stdout: one JSON document for programs, headings and paragraphs for people (tables: `tables`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import orjson

from commands.text import escaped

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 100_000
"""Into a pipe or a file a table is as wide as its longest row; nothing is cut."""

READABLE_WIDTH = 100


def print_json(document: Any) -> None:
    """One JSON document on stdout, indented on a terminal."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    click.echo(orjson.dumps(document, option=option))


def console() -> Console:
    """Where tables are printed. Data is never read as markup; NO_COLOR and the terminal's width are respected."""
    from rich.console import Console

    class Screen(Console):
        """Says like any other writer that its reader has gone, instead of ending the program by itself."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Screen(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def heading(target: Console, text: str) -> None:
    """A line in bold, then the block it stands over."""
    from rich.text import Text

    target.print(Text(escaped(text), style="bold"))


def paragraph(target: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    """Text wrapped at 100 columns or the terminal's width, whichever is less, without trailing blanks."""
    from rich.text import Text

    width = max(min(target.width, READABLE_WIDTH) - indent, 20)
    for line in Text(escaped(text), style=style).wrap(target, width):
        line.rstrip()
        target.print(Text(" " * indent).append_text(line), soft_wrap=True)


def line(target: Console, text: str, *, style: str = "") -> None:
    """One line as it is, however long."""
    if not target.is_terminal:  # no style to apply, and there may be thousands of lines
        target.file.write(f"{escaped(text)}\n")
        return
    from rich.text import Text

    target.print(Text(escaped(text), style=style), soft_wrap=True)
