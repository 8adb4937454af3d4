"""Names as numbers, one numbering for each kind of name."""

from __future__ import annotations

from itertools import count, repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

Numbers = npt.NDArray[Any]


class Names:
    """The names of one kind, numbered 0, 1, 2 … as they come; an empty name has no number (-1)."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}

    def of(self, name: str) -> int:
        """The number of a name, new if need be."""
        return self.number.setdefault(name, len(self.number)) if name else -1

    def list(self) -> list[str]:
        """The names in order of their numbers."""
        return list(self.number)

    def numbers(self, column: pa.DictionaryArray) -> Numbers:
        """A column of names as numbers."""
        names, number = column.dictionary.to_pylist(), self.number
        if not names:
            return np.empty(0, np.int32)
        # A log names hundreds of thousands: nothing is called for a single one.
        number.update(zip([name for name in names if name and name not in number], count(len(number)), strict=False))
        known = np.fromiter(map(number.get, names, repeat(-1)), np.int32, len(names))
        numbers: Numbers = known[column.indices.to_numpy()]
        return numbers
