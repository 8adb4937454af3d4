"""Flat missions as they stand at a time: what the batch that changes them next is compared with."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from projections.compiled import placing
from projections.compiled.contributing import CONTRIBUTED
from projections.compiled.telling import Book

Numbers = npt.NDArray[Any]


class Snapshot:
    """Copies of the records of some missions. `numbers` are theirs, in order, each once."""

    def __init__(self, book: Book, numbers: Numbers) -> None:
        self.numbers = np.unique(numbers[numbers >= 0])
        self._missions = book.missions[self.numbers]
        having = np.flatnonzero(self._missions["later"])
        self._later = book.later[np.concatenate([[0], self._missions["later"][having]])]
        self._missions["later"][having] = np.arange(1, len(having) + 1)

    @cached_property
    def contributions(self) -> Numbers:
        """What each of them contributes (`contributing.CONTRIBUTED`)."""
        found = np.empty(len(self.numbers), CONTRIBUTED)
        placing.contributions(self._missions, self._later, found)
        return found

    def of(self, number: int) -> Any | None:
        """What one of them contributes; None for a mission that is not among them."""
        place = int(np.searchsorted(self.numbers, number))
        there = place < len(self.numbers) and self.numbers[place] == number
        return self.contributions[place] if there else None
