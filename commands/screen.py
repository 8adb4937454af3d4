"""Where pages are printed. Rich is imported for what needs it: tables, and the styles of a terminal.

Into a pipe or a file lines are written as they are: that takes a tenth of the time.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 100_000
"""Into a pipe or a file a table is as wide as its longest row; nothing is cut."""

FORCING = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})
"""By these people say that what is no terminal shows styles all the same; rich reads them."""

_WORD = re.compile(r"\s*\S+\s*")


class Screen:
    """A terminal, a pipe or a file. `rich` is what prints on it when it is not to be made here."""

    def __init__(self, file: TextIO, rich: Console | None = None) -> None:
        self.file = file
        self._given = rich

    @cached_property
    def rich(self) -> Console:
        """Rich's own. Data is never read as markup; NO_COLOR and the terminal's width are respected."""
        if self._given is not None:
            return self._given
        from rich.console import Console

        class Loud(Console):
            """Says like any other writer that its reader has gone, instead of ending the program by itself."""

            def on_broken_pipe(self) -> None:
                raise BrokenPipeError

        width = None if self.file.isatty() else PIPE_WIDTH
        return Loud(file=self.file, width=width, highlight=False, markup=False, emoji=False)

    @cached_property
    def is_terminal(self) -> bool:
        """Whether styles are shown."""
        if self._given is None and not self.file.isatty() and not FORCING & os.environ.keys():
            return False
        return self.rich.is_terminal

    @property
    def width(self) -> int:
        """How many cells are side by side."""
        return self.rich.width if self._given is not None or self.is_terminal else PIPE_WIDTH

    def print(self, text: str = "", *, style: str = "") -> None:
        """One line as it is, however long; without a text an empty one."""
        if not self.is_terminal:
            self.file.write(f"{text}\n")
            return
        from rich.text import Text

        self.rich.print(Text(text, style=style), soft_wrap=True)


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many cells, broken between words; a word that is longer is cut."""
    from rich.cells import cell_len, chop_cells

    lines: list[str] = []
    line, filled = "", 0
    for word in _WORD.findall(text):
        size = cell_len(word.rstrip())
        if filled + size <= width:
            line, filled = line + word, filled + cell_len(word)
            continue
        if line:
            lines.append(line)
        *whole, line = chop_cells(word, width) if size > width else [word]
        lines += whole
        filled = cell_len(line)
    return [each.rstrip() for each in (*lines, line)]
