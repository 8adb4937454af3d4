"""Progress bars: on stderr, only when it is a terminal; a pipe or a log file sees nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[..., None]
"""Called with how much is done, and the total once it is known."""


@contextmanager
def progress(what: str) -> Iterator[Advance]:
    """Inside it, calling the given function moves the bar."""
    if not sys.stderr.isatty():
        yield lambda done, total=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(file=sys.stderr), transient=True)
    with bar:
        task = bar.add_task(Text(what).plain, total=None)
        yield lambda done, total=None: bar.update(task, completed=done, total=total)
