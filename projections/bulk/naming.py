"""The flat events of a batch by name, for whoever asks for one before the archive knows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.archive import Located
from ledger.store.copying import digest_in
from projections.bulk.lines import IDS, SOURCES, SUBJECTS, TYPES, Lines
from projections.bulk.positions import Positions
from projections.compiled import placing

Numbers = npt.NDArray[Any]
Name = tuple[str, str]


class Named:
    """The flat events before the place `visible`. `place_of` has the first place of each name: what has the name of an

    earlier event is never flat. `repeated`: a name comes twice. `fields` and `sizes` are those of the log's rows.
    """

    def __init__(self, lines: Lines, what: Numbers, positions: Positions, fields: list[Any], sizes: list[Any]) -> None:
        sources, ids = (lines.columns[each][::-1] for each in (SOURCES, IDS))  # of two with one name the first stays
        self.place_of = dict(zip(zip(sources, ids, strict=True), range(len(lines) - 1, -1, -1), strict=True))
        self.repeated = len(self.place_of) < len(lines)
        self.visible = 0
        self._lines, self._what, self._positions = lines, what, positions
        self._fields, self._sizes = fields, sizes

    def holds_any(self, names: Collection[Name]) -> bool:
        """Whether one of these names is here."""
        return not self.place_of.keys().isdisjoint(names)

    def get(self, name: Name) -> Located | None:
        """Where the event of (source, id) stands."""
        place = self.place_of.get(name)
        return self._located(place) if place is not None and self._there(place) else None

    def positions_of(self, event_id: str) -> Iterable[int]:
        """Where the events of an id stand."""
        ids = self._lines.columns[IDS]
        return [self._positions.at(place) for place in self._flat() if ids[place] == event_id]

    def at(self, position: int) -> Located | None:
        """What stands at a position."""
        return next((self._located(place) for place in self._flat() if self._positions.at(place) == position), None)

    def _there(self, place: int) -> bool:
        return place < self.visible and bool(placing.flat(self._what[place]))

    def _flat(self) -> Iterator[int]:
        yield from np.flatnonzero(placing.flat(self._what[: self.visible])).tolist()

    def _located(self, place: int) -> Located:
        columns = self._lines.columns
        digest = digest_in(self._fields[place], self._sizes[place])
        return Located(self._positions.at(place), columns[TYPES][place], columns[SUBJECTS][place], digest)
