"""Answers that may be too many for memory: past some megabytes they wait in a temporary file, as lines of JSON."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, overload

import orjson

Answer = dict[str, Any]
MEMORY_BYTES = 8 << 20
FEW = 10_000


class Spooled(Sequence[Answer]):
    """Answers in the order in which they were added; each is read back when it is asked for."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115  it goes away with this object
        self._ends = array("q", [0])
        self._at_end = True

    def append(self, answer: Answer) -> None:
        """Add an answer made of what JSON knows."""
        text = orjson.dumps(answer)
        if not self._at_end:  # a file on the disk is written through by going anywhere
            self._file.seek(self._ends[-1])
            self._at_end = True
        self._file.write(text + b"\n")
        self._ends.append(self._ends[-1] + len(text) + 1)

    def few(self) -> Sequence[Answer]:
        """The same as a list, unless it is too long for one."""
        return list(self) if len(self) <= FEW else self

    def texts(self) -> Iterator[bytes]:
        """Each as JSON. Nothing may be added or asked for meanwhile."""
        self._go(0)
        for _ in range(len(self)):
            yield self._file.readline()[:-1]

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[Answer]:
        return map(orjson.loads, self.texts())

    @overload
    def __getitem__(self, index: int) -> Answer: ...

    @overload
    def __getitem__(self, index: slice) -> list[Answer]: ...

    def __getitem__(self, index: int | slice) -> Answer | list[Answer]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        self._go(self._ends[place])
        answer: Answer = orjson.loads(self._file.readline())
        return answer

    def _go(self, place: int) -> None:
        self._file.seek(place)
        self._at_end = False
