"""Validating lines in a second process, so that one core reads ahead while the other rules on what was read.

A small input never waits for that process: it is started with the second batch. When it dies the lines are read here
instead.
"""

from __future__ import annotations

import contextlib
import marshal
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from typing import Any

from ledger.errors import LedgerError, Refused
from ledger.events.reading import read_line
from ledger.missions.facts import KIND, told
from projections.bulk.lines import TOLD, Item, Lines
from projections.bulk.numbers import numbers
from projections.collecting import collected_seldom
from projections.import_batches import Batch, Wire
from projections.rejected import unwrapped
from projections.side_process import Ended, SideProcess, answer_all

AHEAD = 2
AT_ONCE = 500
"""So many lines are made columns and packed while they are still near at hand."""


def read_ahead(batches: Iterable[Batch], *, with_numbers: Callable[[], bool]) -> Iterator[tuple[Batch, Lines]]:
    """Each batch with its lines as events or refusals, in order; `with_numbers`: whether their numbers are wanted."""
    with contextlib.ExitStack() as stack:
        reader: _Reader | None = None
        under_way: deque[tuple[Batch, Future[Lines]]] = deque()
        pool = stack.enter_context(ThreadPoolExecutor(1))
        for number, batch in enumerate(batches):
            if number == 0:
                yield batch, Lines.of([_read(wire) for wire in batch.wires])
                continue
            if reader is None:
                reader = stack.enter_context(contextlib.closing(_Reader()))
            under_way.append((batch, pool.submit(reader.read, batch.wires, with_numbers())))
            if len(under_way) > AHEAD:
                first, future = under_way.popleft()
                yield first, future.result()
        while under_way:
            first, future = under_way.popleft()
            yield first, future.result()


def _read(wire: Wire | None) -> Item:
    """An event with all that can be said of it before it is ruled on, or why there is none."""
    if isinstance(wire, LedgerError):
        return wire
    try:
        item = read_line(unwrapped(wire or b""), quickly=True)
    except LedgerError as error:
        return error.with_traceback(None)
    if not item.personal:  # else its final bytes are known only once it is sealed
        item.encode()
    if item.type in KIND:
        item.told = tuple(told(item.type, item.at, item.doc["data"]))
    item.pack()
    return item


class _Reader:
    """The child process: lines in, their columns out."""

    def __init__(self) -> None:
        self.process: SideProcess | None = SideProcess(__name__)

    def close(self) -> None:
        """End the child."""
        if self.process is not None:
            self.process.close()
            self.process = None

    def read(self, wires: list[Wire], with_numbers: bool) -> Lines:
        """The lines as events or refusals."""
        if self.process is None:
            return Lines.of([_read(wire) for wire in wires])
        unreadable: dict[int, LedgerError] = {}
        asked: list[Any] = wires
        if not {bytes}.issuperset(map(type, wires)):
            unreadable = {place: wire for place, wire in enumerate(wires) if isinstance(wire, LedgerError)}
            asked = [None if isinstance(wire, LedgerError) else wire for wire in wires]
        try:
            answers = [marshal.loads(each) for each in self.process.ask([asked, with_numbers])]
        except Ended:
            self.close()
            return Lines.of([_read(wire) for wire in wires])
        columns = tuple(list(chain.from_iterable(parts)) for parts in zip(*(each[0] for each in answers), strict=True))
        errors: dict[int, LedgerError] = {}
        for number, (_, refused, _) in enumerate(answers):
            errors |= {number * AT_ONCE + place: Refused(code, message) for place, code, message in refused}
        return Lines(columns, errors | unreadable, b"".join(each[2] for each in answers) if with_numbers else None)


def _answer(message: list[Any]) -> list[bytes]:
    """For every few lines, packed: (columns, (place, code, message) of what was refused, the numbers if wanted)."""
    wires, with_numbers = message
    parts = (wires[first : first + AT_ONCE] for first in range(0, len(wires), AT_ONCE))
    return [marshal.dumps(_answer_some(part, with_numbers)) for part in parts]


def _answer_some(wires: list[Wire | None], with_numbers: bool) -> tuple[Any, ...]:
    lines = Lines.of([_read(wire) for wire in wires])
    refused = [(place, error.code, error.message) for place, error in lines.errors.items()]
    return lines.columns, refused, numbers(lines.columns[TOLD]) if with_numbers else b""


@collected_seldom()
def serve() -> None:
    """The child: it answers batches of lines. It is always ahead, so whoever has more to do goes first."""
    if hasattr(os, "nice"):
        os.nice(10)
    answer_all(_answer)
