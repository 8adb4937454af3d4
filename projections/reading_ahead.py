"""Validating lines in a second process, so that one core reads ahead while the other rules on what was read.

A small input never waits for that process: it is started with the second batch. When it dies the lines are read here
instead.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ledger.errors import LedgerError, Refused
from ledger.events.incoming import Incoming
from ledger.events.reading import read_line
from ledger.missions.facts import KIND, told
from projections.collecting import collected_seldom
from projections.import_batches import Batch, Wire
from projections.rejected import unwrapped
from projections.side_process import Ended, SideProcess, answer_all

AHEAD = 2
Item = Incoming | LedgerError


def read_ahead(batches: Iterable[Batch]) -> Iterator[tuple[Batch, list[Item]]]:
    """Each batch with its lines as events or refusals, in order."""
    with contextlib.ExitStack() as stack:
        reader: _Reader | None = None
        under_way: deque[tuple[Batch, Future[list[Item]]]] = deque()
        pool = stack.enter_context(ThreadPoolExecutor(1))
        for number, batch in enumerate(batches):
            if number == 0:
                yield batch, [_read(wire) for wire in batch.wires]
                continue
            if reader is None:
                reader = stack.enter_context(contextlib.closing(_Reader()))
            under_way.append((batch, pool.submit(reader.read, batch.wires)))
            if len(under_way) > AHEAD:
                first, future = under_way.popleft()
                yield first, future.result()
        while under_way:
            first, future = under_way.popleft()
            yield first, future.result()


def _read(wire: Wire) -> Item:
    if isinstance(wire, LedgerError):
        return wire
    try:
        return read_line(unwrapped(wire), quickly=True)
    except LedgerError as error:
        return error.with_traceback(None)


class _Reader:
    """The child process: lines in; the facts of an `Incoming`, or (code, message), out."""

    def __init__(self) -> None:
        self.process: SideProcess | None = SideProcess(__name__)

    def close(self) -> None:
        """End the child."""
        if self.process is not None:
            self.process.close()
            self.process = None

    def read(self, wires: list[Wire]) -> list[Item]:
        """The lines as events or refusals."""
        if self.process is None:
            return [_read(wire) for wire in wires]
        try:
            answers = self.process.ask([wire for wire in wires if isinstance(wire, bytes)])
        except Ended:
            self.close()
            return [_read(wire) for wire in wires]
        rest = iter(answers)
        return [wire if isinstance(wire, LedgerError) else _item(next(rest)) for wire in wires]


def _item(answer: tuple[Any, ...]) -> Item:
    if len(answer) == 2:
        return Refused(*answer)
    return Incoming(*answer)


def _answer(line: bytes) -> tuple[Any, ...]:
    item = _read(line)
    if isinstance(item, LedgerError):
        return item.code, item.message
    if not item.personal:  # else its final bytes are known only once it is sealed
        item.encode()
    if item.type in KIND:
        item.told = tuple(told(item.type, item.at, item.doc["data"]))
    return item.facts()


@collected_seldom()
def serve() -> None:
    """The child: it answers batches of lines. It is always ahead, so whoever has more to do goes first."""
    if hasattr(os, "nice"):
        os.nice(10)
    answer_all(lambda lines: [_answer(line) for line in lines])
