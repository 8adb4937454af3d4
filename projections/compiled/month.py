"""A closed month at the second speed: what is as it was frozen, and the missions that must be told one by one.

The log is told for its bills, and every frozen entry is held against the bill of its mission, as columns. Only what
differs, or is out of the ordinary, is left to be told one by one (`projections.period_comparing`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ledger.billing import Line
from ledger.billing_entries import LINE, FrozenEntry
from ledger.chronicle import Chronicle
from projections.columns.reading import Source
from projections.compiled.deriving import Billed, Published, Telling
from projections.compiled.lines import Lines, month_of
from projections.period_comparing import CLIENT_ABSENT, Fee
from projections.replay.assumptions import Assumptions, Bounds
from projections.replay.streams import Shared

Numbers = npt.NDArray[Any]

ROWS_AT_ONCE = 25_000
ASSUMED = ("policy", "closes_at")
"""What differs under another policy without any amount being another."""


def bills_of(
    source: Source,
    chronicle: Chronicle,
    voids: Mapping[int, int],
    progress: Callable[[int, int], None],
    *,
    after: int,
) -> tuple[Billed, Numbers]:
    """What each mission of a log bears, and of which something was recorded after a position.

    Missions of which something was declared wrong have no bill here.
    """
    nothing = Shared(bounds=Bounds(until=source.until), published=[], voids={}, findings_voided=[])
    spans = chronicle.spans()
    known = Published(registers=[each for _, each in spans], since=[position for position, _ in spans], left_out=[])
    telling = Telling(source, nothing, Assumptions(), lambda positions: {}, at=0)
    return telling.bills_alone(known, voids, progress, after=after)


class Month:
    """The entries of a closed month (`frozen`: columns of `FrozenEntry`, in order, a chunk each) beside derived bills.

    `missing` are missions whose line is of the month now, and that no close up to this one froze. `missions` counts
    all, `rest` are those that are not settled, in order: some differ and are `worked_out`, the others must be told one
    by one.
    """

    def __init__(
        self,
        billed: Billed,
        frozen: pa.Table,
        missing: Sequence[str],
        *,
        period: str,
        at: int,
        assuming: bool,
        since: Numbers | None = None,
        credited: Sequence[str] = (),
    ) -> None:
        """`at`: when it was closed. `assuming`: under another policy, so `ASSUMED` is no difference.

        `since`: of which mission something was recorded since (none). `credited`: those that a later close corrects.
        """
        self._billed = billed
        self._frozen = frozen
        self._assuming = assuming
        self._lines = Lines(billed)
        self._due = self._lines.there.copy()
        for which, bills in billed.biller.all():
            self._due[which] &= (bills["month"] <= month_of(period)) & (bills["closes_at"] <= at)
        self._ids = self._frozen["mission"].chunk(0)
        self._number = self._numbers(self._ids)
        first = _differs_from_before(self._ids)
        self._alone = self._frozen_once(first)
        self._since = np.zeros(len(billed.missions), np.bool_) if since is None else since
        self._credited = frozenset(credited)
        settled = self._alone & self._as_derived()
        self._settled_rows = np.flatnonzero(settled)
        self._put_in_order(np.flatnonzero(first & ~settled), missing)
        self.missions = int(first.sum()) + len(missing)

    @property
    def entries(self) -> int:
        """How many entries are settled."""
        return len(self._settled_rows)

    def _numbers(self, ids: pa.Array) -> Numbers:
        """The number of each mission; -1: the log that was told has none of it."""
        if not len(ids):
            return np.zeros(0, np.int64)
        numbers: Numbers = pc.fill_null(pc.index_in(ids, value_set=self._billed.ids), -1).to_numpy()
        return numbers

    def _frozen_once(self, first: Numbers) -> Numbers:
        """Which entries are the only one of their mission here, and freeze its line for the first time."""
        role = self._frozen["role"].chunk(0)
        lines = np.array([each == LINE for each in role.dictionary.to_pylist()], np.bool_)
        alone: Numbers = first & np.append(first[1:], True) & lines[role.indices.to_numpy()]
        for name in ("corrects_position", "corrects_number"):
            alone &= self._frozen[name].to_numpy() == 0
        return alone

    def _as_derived(self) -> Numbers:
        """Which entries say what the line of their mission does, which was due."""
        if not len(self._billed.missions):
            return np.zeros(len(self._ids), np.bool_)
        apart = ("period", *(ASSUMED if self._assuming else ()))
        at = np.maximum(self._number, 0)
        same: Numbers = (self._number >= 0) & self._due[at] & self._lines.says(self._frozen, at, apart=apart)
        return same

    def _put_in_order(self, places: Numbers, missing: Sequence[str]) -> None:
        """The rest: the missions of these rows, and of the missing ones those that have a line after all."""
        lacking = pa.array(sorted(missing), pa.string())
        number = self._numbers(lacking)
        told = number >= 0
        if told.any():
            at = np.maximum(number, 0)
            told &= self._due[at] | (self._billed.missions["odd"][at] != 0)
        more = lacking.filter(pa.array(told)).to_pylist()
        before = [bisect_left(self._ids, each, key=pa.StringScalar.as_py) for each in more]
        names = [*more, *self._ids.take(pa.array(places)).to_pylist()]
        together = np.array([*before, *places.tolist()], np.int64)
        order = np.argsort(together, kind="stable")
        self.rest = [names[each] for each in order.tolist()]
        self._places = together[order]  # the row of each, or that before which a missing one stands
        self._frozen_here = order >= len(more)

    def worked_out(self, first: int, last: int) -> dict[str, tuple[FrozenEntry, Line | None]]:
        """Of the missions `rest[first:last]` those that have one entry and another due line, or none, with both.

        None that is odd, of which something was recorded since the close, or that a later one corrects.
        """
        rows = self._places[first:last][self._frozen_here[first:last]]
        rows = rows[self._alone[rows]]
        if len(self._since):
            at = np.maximum(self._number[rows], 0)
            rows = rows[(self._number[rows] < 0) | ~(self._since[at] | (self._billed.missions["odd"][at] != 0))]
        columns = [self._frozen[name].chunk(0).take(pa.array(rows)).to_pylist() for name in FrozenEntry._fields]
        entries = map(FrozenEntry._make, zip(*columns, strict=True))
        lines = self._due_lines(self._number[rows])
        return {
            entry.mission: (entry, line)
            for entry, line in zip(entries, lines, strict=True)
            if entry.mission not in self._credited
        }

    def _due_lines(self, numbers: Numbers) -> list[Line | None]:
        due = numbers >= 0
        due[due] = self._due[numbers[due]]
        found = iter(self._lines.lines(numbers[due].tolist()))
        return [next(found) if each else None for each in due.tolist()]

    # -- what is settled ------------------------------------------------------------------------------------------

    def sums(self) -> dict[str, list[int]]:
        """Gross, commission and VAT of the settled entries, in each currency."""
        column = self._frozen["currency"].chunk(0)
        code = column.indices.to_numpy()[self._settled_rows]
        amounts = [self._frozen[name].to_numpy()[self._settled_rows] for name in ("gross", "commission", "vat")]
        currencies = column.dictionary.to_pylist()
        return {
            currencies[each]: [total(amount[code == each]) for amount in amounts] for each in np.unique(code).tolist()
        }

    def fees(self) -> Counter[Fee]:
        """How many fees for absent clients the settled entries hold; under another policy they name the closed one."""
        kind = self._frozen["kind"].chunk(0)
        absent = np.array([each == CLIENT_ABSENT for each in kind.dictionary.to_pylist()], np.bool_)
        rows = self._settled_rows[absent[kind.indices.to_numpy()[self._settled_rows]]]
        some = pa.array(rows[self._frozen["gross"].to_numpy()[rows] != 0])
        columns = [self._frozen[name].chunk(0).take(some).to_pylist() for name in Fee._fields]
        return Counter(map(Fee._make, zip(*columns, strict=True)))

    def texts(self) -> Iterator[Iterator[memoryview]]:
        """The texts of the settled entries before each mission of the rest in turn, then those behind the last."""
        texts = _Texts(self._frozen, self._settled_rows, self._derived_anew())
        for place in [*self._places.tolist(), len(self._ids)]:
            yield texts.before(place)

    def _derived_anew(self) -> dict[str, Callable[[Numbers], pa.Array]]:
        """The columns of derived entries that are not those of the frozen ones, by rows."""
        if not self._assuming:
            return {}
        bills = self._billed.biller
        names = pa.array([each.name for each in self._billed.policies], pa.string())
        return {
            "policy": lambda rows: names.take(pa.array(bills.of(self._number[rows].astype(np.int32))["policy"])),
            "closes_at": lambda rows: pa.array(bills.of(self._number[rows].astype(np.int32))["closes_at"]),
        }


class _Texts:
    """The texts of entries that the digest reads (`ledger.billing_entries.text_of`), in order.

    None of these texts can hold a backslash: they are identifiers, codes, decimals and names of policies.
    """

    def __init__(self, frozen: pa.Table, rows: Numbers, anew: Mapping[str, Callable[[Numbers], pa.Array]]) -> None:
        self._frozen = frozen
        self._rows = rows
        self._anew = anew
        self._told = 0
        self._made: Any = None
        self._first = 0

    def before(self, place: int) -> Iterator[memoryview]:
        """Those not told yet of rows before a place."""
        until = int(np.searchsorted(self._rows, place))
        while self._told < until:
            if self._made is None or self._told >= self._first + len(self._made):
                self._first = self._told
                self._made = self._joined(self._rows[self._told : self._told + ROWS_AT_ONCE])
            last = min(until, self._first + len(self._made))
            yield _bytes(self._made, self._told - self._first, last - self._first)
            self._told = last

    def _joined(self, rows: Numbers) -> Any:
        some = pa.array(rows)
        parts = []
        for name in FrozenEntry._fields:
            part = self._anew[name](rows) if name in self._anew else self._frozen[name].chunk(0).take(some)
            parts.append(part.cast(pa.string()))
        # A part of its own would have a tab before it.
        parts[-1] = pc.binary_join_element_wise(parts[-1], "\n", "")
        return pc.binary_join_element_wise(*parts, "\t")


def _bytes(array: Any, start: int, end: int) -> memoryview:
    """The texts of an array from one place to another, as they lie beside one another."""
    _, offsets, data = array.buffers()
    begins = np.frombuffer(offsets, np.int32)
    return memoryview(data)[int(begins[start]) : int(begins[end])]


def _differs_from_before(ids: pa.Array) -> Numbers:
    """Which of these texts are not those before them."""
    if not len(ids):
        return np.zeros(0, np.bool_)
    other: Numbers = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    return np.append(True, other)


def total(amounts: Numbers) -> int:
    """Their sum, which may need more than 64 bits."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
