"""A batch of lines as columns: what their reader hands over in one piece, an item a line in every column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from ledger.errors import LedgerError
from ledger.events.incoming import Incoming

Item = Incoming | LedgerError
Columns = tuple[Sequence[Any], ...]

TYPES, SUBJECTS, SOURCES, IDS, ATS, PROS, BYS, PERSONAL, STATES, DIGESTS, ENCODED, SIZES, TOLD = range(13)
"""The columns, by their places."""
NOTHING: tuple[Any, ...] = ("", "", "", "", 0, "", "", False, b"", b"", None, 0, None)
"""What stands in the columns for a line that could not be read."""


class Lines:
    """The lines of a batch. `columns` are those of `Incoming(*facts)`, `errors` why a line at a place has none.

    `numbers` are the bytes of what `projections.bulk.numbers` makes of them, where their reader did so.
    """

    def __init__(self, columns: Columns, errors: Mapping[int, LedgerError], numbers: bytes | None = None) -> None:
        self.columns = columns
        self.errors = errors
        self.numbers = numbers

    @classmethod
    def of(cls, items: Sequence[Item]) -> Lines:
        """The lines as columns."""
        errors = {place: each for place, each in enumerate(items) if isinstance(each, LedgerError)}
        if errors:
            rows: Iterable[Any] = [each.facts if isinstance(each, Incoming) else NOTHING for each in items]
        else:
            rows = map(attrgetter("facts"), items)
        return cls(tuple(zip(*rows, strict=True)) or ((),) * len(NOTHING), errors)

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Item]:
        """The lines as events or refusals."""
        errors = self.errors
        for place, row in enumerate(zip(*self.columns, strict=True)):
            yield errors[place] if place in errors else Incoming(*row)

    def event(self, place: int) -> Incoming:
        """The event of a line that could be read."""
        return Incoming(*(column[place] for column in self.columns))
