"""Validating lines in a second process, so that one core reads ahead while the other rules on what was read.

A small input never waits for that process: it is started with the second batch. It is a plain child with two pipes and
no state; when this process dies its input ends and it ends too, and when it dies the lines are read here instead.
"""

from __future__ import annotations

import contextlib
import marshal
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from ledger.errors import LedgerError, Refused
from ledger.events.reading import Incoming, read_line
from ledger.missions.facts import KIND, told
from projections.collecting import collected_seldom
from projections.rejected import unwrapped

AHEAD = 1
PIPE_BYTES = 1 << 20  # where the system allows it: fewer turns for a batch of some megabytes
Item = Incoming | LedgerError
_LENGTH = struct.Struct("<q")
_CHILD = "import sys; sys.path[:0] = {path!r}; from projections.reading_ahead import serve; serve()"


@dataclass(kw_only=True)
class Batch:
    """Consecutive lines: their numbers, their bytes as they came, and the wire documents (or why there is none)."""

    numbers: list[int]
    raw: list[bytes]
    wires: list[bytes | LedgerError]
    digest: bytes
    """Of everything read so far, so that a rerun recognises the same input."""


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


def _read(wire: bytes | LedgerError) -> Item:
    if isinstance(wire, LedgerError):
        return wire
    try:
        return read_line(unwrapped(wire), quickly=True)
    except LedgerError as error:
        return error.with_traceback(None)


class _Reader:
    """The child process: lines in; the facts of an `Incoming`, or (code, message), out."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(path=sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pipesize=PIPE_BYTES,
        )

    def close(self) -> None:
        """End the child."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def read(self, wires: list[bytes | LedgerError]) -> list[Item]:
        """The lines as events or refusals."""
        if self.process is None:
            return [_read(wire) for wire in wires]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            _send(self.process.stdin, [wire for wire in wires if isinstance(wire, bytes)])
            answers = _receive(self.process.stdout)
        except (OSError, EOFError, ValueError):
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
    item.encode()
    if item.type in KIND:
        item.told = tuple(told(item.type, item.at, item.doc["data"]))
    return item.facts()


def _send(pipe: IO[bytes], value: list[Any]) -> None:
    text = marshal.dumps(value)
    pipe.write(_LENGTH.pack(len(text)))
    pipe.write(text)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> list[Any]:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    text = pipe.read(_LENGTH.unpack(head)[0])
    value: list[Any] = marshal.loads(text)
    return value


@collected_seldom()
def serve() -> None:
    """The child's loop: answer batches until the input ends."""
    while True:
        try:
            lines = _receive(sys.stdin.buffer)
            _send(sys.stdout.buffer, [_answer(line) for line in lines])
        except (EOFError, BrokenPipeError, KeyboardInterrupt):
            return
