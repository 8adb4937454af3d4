"""How the page of `why` is laid out: sections under a heading, and rows without a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import output
from commands.text import escaped

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
AT_MOST = 8
NARROW = 2


def section(screen: Screen, title: str) -> None:
    """A heading with an empty line above."""
    screen.print()
    output.heading(screen, title)


def rows(screen: Screen, cells: Sequence[Sequence[object]]) -> None:
    """Rows without a frame, indented; the columns as wide as they need."""
    from rich.cells import cell_len

    safe = [[escaped(cell) if cell is not None else "" for cell in row] for row in cells]
    widths = [max(cell_len(row[index]) for row in safe) for index in range(len(safe[0]))] if safe else []
    for row in safe:
        padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        screen.print(" " * NARROW + "  ".join(padded).rstrip())


def at(event: Document) -> str:
    """Where an event stands in the log: `#12`."""
    return f"#{event['position']}"
