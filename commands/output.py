"""Answers on stdout: one JSON document for programs, headings and paragraphs for people (tables: `tables`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click
import orjson

from commands.screen import Screen, wrapped
from commands.text import escaped
from projections.spooled import Spooled

READABLE_WIDTH = 100


def print_json(document: Any) -> None:
    """One JSON document on stdout, indented on a terminal."""
    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else 0
    if isinstance(document, Mapping) and any(isinstance(each, Spooled) for each in document.values()):
        for piece in json_pieces(document, option):
            click.echo(piece, nl=False)
        return
    click.echo(orjson.dumps(document, option=option))


def json_pieces(document: Mapping[str, Any], option: int) -> Iterator[bytes]:
    """The JSON of a document, piece by piece: what it has too much of for memory is read as it is written."""
    indented = bool(option & orjson.OPT_INDENT_2)
    line, deeper, colon = (b"\n  ", b"\n    ", b": ") if indented else (b"", b"", b":")
    for number, (name, value) in enumerate(document.items()):
        yield (b"," if number else b"{") + line + orjson.dumps(name) + colon
        if not isinstance(value, Spooled) or not value:
            yield orjson.dumps(list(value) if isinstance(value, Spooled) else value, option=option).replace(b"\n", line)
            continue
        for place, text in enumerate(value.texts()):
            spelt = orjson.dumps(orjson.loads(text), option=option).replace(b"\n", deeper) if indented else text
            yield (b"," if place else b"[") + deeper + spelt
        yield line + b"]"
    yield b"\n}\n" if indented else b"}\n"


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
