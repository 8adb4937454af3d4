"""Tables for people: what a cell holds is shown and never obeyed, and no number is ever cut in two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands import output
from commands.text import escaped

if TYPE_CHECKING:
    from rich.table import Table

    from commands.screen import Screen

GAP = 2
NARROWEST = 10
"""Columns of text may be folded down to this; numbers are not folded."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its title, whether it holds numbers, its style, and when it is left out of a narrow terminal.

    Of the columns with `leave_out` above 0 the one with the highest goes first; the others always stay.
    """

    title: str
    number: bool = False
    style: str = ""
    leave_out: int = 0


def show(screen: Screen, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Print a table. In a pipe it is whole; in a terminal too narrow for it some columns are left out, and named."""
    from rich.cells import cell_len

    cells = [["" if cell is None else escaped(cell) for cell in row] for row in rows]
    widths = [
        max(cell_len(text) for text in (column.title, *(row[index] for row in cells)))
        for index, column in enumerate(columns)
    ]
    kept = list(range(len(columns)))
    while sum(widths[each] + GAP for each in kept) - GAP > screen.width:
        last = max(kept, key=lambda each: columns[each].leave_out)
        if columns[last].leave_out == 0:
            break
        kept.remove(last)
    least = sum((widths[each] if columns[each].number else min(widths[each], NARROWEST)) + GAP for each in kept) - GAP
    made = _table([columns[each] for each in kept], ([row[each] for each in kept] for row in cells))
    _print(screen, made, max(screen.width, least))
    missing = [column.title for index, column in enumerate(columns) if index not in kept]
    if missing:
        told = f"left out of this narrow terminal: {', '.join(missing)}; a wider one, a pipe or --json has them"
        output.line(screen, told, style="dim")


def _print(screen: Screen, made: Table, width: int) -> None:
    """In a pipe or a file without the blanks that fill the last column."""
    rich = screen.rich
    if screen.is_terminal:
        rich.print(made, width=width, crop=False)
        return
    with rich.capture() as captured:
        rich.print(made, width=width, crop=False)
    for text in captured.get().split("\n")[:-1]:
        output.line(screen, text.rstrip(" "))


def _table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    made = Table(
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1),
        collapse_padding=True,
        header_style="bold",
    )
    for column in columns:
        made.add_column(
            Text(column.title),
            justify="right" if column.number else "left",
            style=column.style,
            overflow="fold",
            no_wrap=column.number,
        )
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made
