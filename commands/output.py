"""Answers on stdout: one JSON document for programs, headings and paragraphs for people (tables: `tables`)."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from commands.screen import Screen, wrapped
from commands.text import escaped

READABLE_WIDTH = 100


def print_json(document: Any) -> None:
    """One JSON document on stdout, indented on a terminal."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    click.echo(orjson.dumps(document, option=option))


def console() -> Screen:
    """Where this program's answers for people go."""
    return Screen(sys.stdout)


def heading(target: Screen, text: str) -> None:
    """A line in bold, then the block it stands over."""
    target.print(escaped(text), style="bold")


def paragraph(target: Screen, text: str, *, indent: int = 0, style: str = "") -> None:
    """Text wrapped at 100 columns or the terminal's width, whichever is less, without trailing blanks."""
    width = max(min(target.width, READABLE_WIDTH) - indent, 20)
    for each in wrapped(escaped(text), width):
        target.print(" " * indent + each, style=style)


def line(target: Screen, text: str, *, style: str = "") -> None:
    """One line as it is, however long."""
    target.print(escaped(text), style=style)
