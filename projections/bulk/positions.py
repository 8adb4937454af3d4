"""Where the events of a batch are recorded: one after the other, but for what is refused and what is found."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]


class Positions:
    """The positions of a batch, which `base` is the last one before. An event's place is where it stands in the batch.

    As long as nothing is refused and nothing found, the event at a place is recorded at `base` + 1 + place. `marks` are
    the places behind which that changes, and `shifts` by how much positions are shifted from there on. The events of a
    stretch are placed as if in it nothing changed any more; `recorded` says where they came to stand.
    """

    def __init__(self, base: int) -> None:
        self.base = base
        self.marks: list[int] = []
        self.shifts = [0]
        self._first, self._begun = 0, base

    def begin(self, first: int, behind: int) -> Numbers:
        """Begin a stretch of places; where its events are placed."""
        self._first, self._begun = first, self.before(first)
        return self._begun + 1 + np.arange(behind - first)

    @property
    def begun(self) -> int:
        """The position before the stretch."""
        return self._begun

    def shift(self, place: int, by: int) -> None:
        """What stands behind a place, of which more is recorded (or nothing: −1), is recorded elsewhere."""
        if by:
            self.marks.append(place)
            self.shifts.append(self.shifts[-1] + by)

    def before(self, place: int) -> int:
        """The position before the event at a place, the next one to be recorded."""
        return self.base + place + self.shifts[-1]

    def recorded(self, position: int) -> int:
        """Where an event is recorded that was placed at a position; what stood before the stretch stays there."""
        return position if position <= self._begun else self.at(self._first + position - self._begun - 1)

    def settled(self, positions: Numbers) -> Numbers:
        """Where events are recorded that were placed at these positions."""
        new = positions > self._begun
        if not new.any():
            return positions
        found = positions.copy()
        found[new] = self.of(self._first + positions[new].astype(np.int64) - self._begun - 1)
        return found

    def at(self, place: int) -> int:
        """Where the event at a place is recorded, or what stands in its stead."""
        return self.base + 1 + place + self.shifts[bisect_left(self.marks, place)]

    def of(self, places: Numbers) -> Numbers:
        """Where the events at these places are recorded."""
        positions: Numbers = self.base + 1 + places + np.array(self.shifts)[np.searchsorted(self.marks, places)]
        return positions
