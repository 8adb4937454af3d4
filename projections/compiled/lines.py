"""Billing lines of a telling: beside stored ones or those of another telling, and as `Line`s where asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ledger.billing import Line
from ledger.instants import month_text
from ledger.money import ratio_text
from projections.compiled import bills, stored_rows
from projections.compiled.billing import AT_ONCE
from projections.compiled.deriving import Billed
from projections.compiled.records import LINE_KINDS, NO_LINE
from projections.compiled.stored_rows import Ids, Known, known, line_at

Numbers = npt.NDArray[Any]
"""What lines of each kind are called (`records.COMPLETED_LINE` …)."""
_AMOUNTS = ("gross", "commission", "vat", "minutes", "ended_at", "closes_at")
_NAMED = ("client", "city", "service", "currency")


class Lines:
    """The lines of those pros that were judged here: one at most of each mission."""

    def __init__(self, told: Billed) -> None:
        self.told = told
        self.names = {name: each.list() for name, each in told.names.items()}
        self.plain = {number: line for number, line in told.lines.items() if not self._odd(line.pro)}
        self._texts: Known | None = None
        self._rates = 0
        missions = told.missions
        self.there = (told.biller.kinds != NO_LINE) & (missions["odd"] == 0)
        self.there &= ~told.odd[missions["pro"]].astype(np.bool_) if len(told.odd) else False

    def _odd(self, pro: str) -> bool:
        number = self.told.names["pro"].number.get(pro)
        return number is None or bool(self.told.odd[number])

    def lines(self, numbers: Sequence[int]) -> list[Line | None]:
        """The lines of missions, by their numbers; None where there is none."""
        billed = self.told.biller.of(np.array(numbers, np.int32))
        return [
            self.plain[number] if number in self.plain else self._line(number, bill) if self.there[number] else None
            for number, bill in zip(numbers, billed, strict=True)
        ]

    def _line(self, number: int, bill: Any) -> Line:
        told, m = self.told, self.told.missions[number]
        month = int(bill["month"])
        return Line(
            told.ids[number].as_py(),
            self.names["pro"][m["pro"]],
            self.names["client"][m["client"]],
            self.names["city"][m["city"]],
            self.names["service"][m["service"]],
            LINE_KINDS[bill["kind"]],
            int(bill["minutes"]),
            int(bill["gross"]),
            int(bill["commission"]),
            int(bill["vat"]),
            self.names["currency"][m["currency"]],
            told.rates[bill["rate"]] if bill["rate"] >= 0 else Fraction(0),
            told.policies[bill["policy"]].name,
            int(bill["ended_at"]),
            int(bill["closes_at"]),
            month_text(month),
        )

    def pro(self, number: int) -> str:
        """Whose line a mission's is; empty where it has none."""
        if number in self.plain:
            return self.plain[number].pro
        return self.names["pro"][self.told.missions[number]["pro"]] if self.there[number] else ""

    def sums(self, without: Iterable[int] = ()) -> dict[str, list[int]]:
        """gross, commission and VAT by currency, of all lines but those of some missions."""
        told = self.told
        left = np.fromiter(without, np.int64)
        counted = self.there.copy()
        counted[left] = False
        sums_of = np.zeros((max(1, len(self.names["currency"])), 4), np.int64)
        for which, billed in told.biller.all():
            billed["kind"][~counted[which]] = NO_LINE
            bills.add_up(told.missions, which, billed, sums_of)
        sums = {
            name: [int(each) for each in sums_of[number, :3]]
            for number, name in enumerate(self.names["currency"])
            if sums_of[number, 3]
        }
        gone = set(left.tolist())
        for number, line in self.plain.items():
            if number not in gone:
                of_currency = sums.setdefault(line.currency, [0, 0, 0])
                for place, amount in enumerate((line.gross, line.commission, line.vat)):
                    of_currency[place] += amount
        return sums

    # -- beside others ------------------------------------------------------------------------------------------

    def differing_from(self, other: Lines) -> list[int]:
        """The missions whose line is another one in `other`, a telling of the same log, their policy's name apart."""
        differing = [
            each
            for (which, ours), (_, theirs) in zip(self.told.biller.all(), other.told.biller.all(), strict=True)
            for each in self._unlike(other, which, ours, theirs)
        ]
        plain = sorted(self.plain.keys() | other.plain.keys())
        both = zip(plain, self.lines(plain), other.lines(plain), strict=True)
        return sorted({*differing, *(number for number, ours, theirs in both if not alike(ours, theirs))})

    def _unlike(self, other: Lines, which: Numbers, ours: Numbers, theirs: Numbers) -> list[int]:
        """Those of some missions whose bills, ours and theirs, are not the same."""
        here, there = self.there[which], other.there[which]
        same = here & there & (self._rate(ours) == other._rate(theirs))
        for name in (*_AMOUNTS, "kind", "month"):
            same &= ours[name] == theirs[name]
        for name in (*_NAMED, "pro"):
            same &= self.told.missions[name][which] == other.told.missions[name][which]
        unlike: list[int] = which[~same & (here | there)].tolist()
        return unlike

    def _rate(self, billed: Numbers) -> Numbers:
        """Rates that two tellings can compare: numbers of their texts."""
        known = np.array([hash(each) for each in self.told.rates] + [0], np.int64)
        rates: Numbers = known[billed["rate"]]
        return rates

    def differing_from_stored(self, stored: Iterable[bytes]) -> dict[int | str, Line | None]:
        """Mission (its number; its id where it is not known here) → the stored line, wherever that is another one.

        `stored`: all lines, in blocks of rows as PostgreSQL sends them.
        """
        told = self.told
        ids = Ids(told.ids)
        seen = np.zeros(len(told.missions), np.bool_)
        differing: dict[int | str, Line | None] = {}
        for rows in stored:
            block = np.frombuffer(rows, np.uint8)
            begins, numbers = ids.numbers(block)
            there = numbers >= 0
            there[there] = self.there[numbers[there]]
            alike_rows = np.ones(len(begins), np.bool_)
            unlike = self._unlike_stored(block, begins, np.where(there, numbers, -1).astype(np.int32))
            alike_rows[unlike] = False
            ours = self.lines(np.maximum(numbers[unlike], 0).tolist()) if len(told.missions) else [None] * len(unlike)
            for row, our in zip(unlike, ours, strict=True):
                line, number = line_at(block, int(begins[row])), int(numbers[row])
                if self._odd(line.pro):
                    continue
                if number >= 0:
                    seen[number] = True
                if number < 0 or not alike(line, our):
                    differing[number if number >= 0 else line.mission] = line
            seen[numbers[alike_rows]] = True
        for number in np.flatnonzero(self.there & ~seen).tolist():
            differing[number] = None
        for number in self.plain:
            if not seen[number]:
                differing[number] = None
        return differing

    def says(self, stored: pa.Table, at: Numbers, *, apart: Collection[str] = ()) -> Numbers:
        """Whether each line of a table says what the line of the mission at that place does, some columns `apart`."""
        return np.concatenate(
            [
                np.zeros(0, np.bool_),
                *(
                    self._says(stored.slice(first, AT_ONCE), at[first : first + AT_ONCE], apart)
                    for first in range(0, len(at), AT_ONCE)
                ),
            ]
        )

    def _says(self, stored: pa.Table, at: Numbers, apart: Collection[str]) -> Numbers:
        told, billed = self.told, self.told.biller.of(at.astype(np.int32))
        same = np.ones(len(at), np.bool_)
        for name in _AMOUNTS:
            if name not in apart:
                same &= stored[name].to_numpy() == billed[name]
        for name in (*_NAMED, "pro"):
            same &= _numbered(stored[name], told.names[name].number) == told.missions[name][at]
        if "period" not in apart:
            months = {period: month_of(period) for period in _dictionary(stored["period"])[0]}
            same &= _numbered(stored["period"], months) == billed["month"]
        same &= _numbered(stored["kind"], {kind: number for number, kind in enumerate(LINE_KINDS)}) == billed["kind"]
        rates = [*map(ratio_text, told.rates), ratio_text(Fraction(0))]
        same &= _same_text(stored["rate"], rates, billed["rate"])
        if "policy" not in apart:
            same &= _same_text(stored["policy"], [each.name for each in told.policies], billed["policy"])
        return same

    def _unlike_stored(self, block: Numbers, begins: Numbers, numbers: Numbers) -> list[int]:
        """Which rows are not the lines of their missions, by number; -1 has none."""
        told = self.told
        billed = told.biller.of(numbers)
        unlike = np.empty(len(begins), np.int32)
        count = stored_rows.compare(block, begins, numbers, told.missions, billed, self._known(), unlike)
        found: list[int] = unlike[:count].tolist()
        return found

    def _known(self) -> Known:
        """The texts that rows have; rates may have been added since they were last asked for."""
        if self._texts is None or self._rates != len(self.told.rates):
            names = {each: self.names[each] for each in (*_NAMED, "pro")}
            rates = [ratio_text(each) for each in (*self.told.rates, Fraction(0))]
            self._texts, self._rates = known(**names, kind=LINE_KINDS, rate=rates), len(self.told.rates)
        return self._texts


def alike(one: Line | None, other: Line | None) -> bool:
    """Whether two lines are the same, their policy's name apart."""
    if one is None or other is None:
        return one is other
    return one == other._replace(policy=one.policy)


def month_of(period: str) -> int:
    """`2026-03` as `BILL` has it."""
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1


def _dictionary(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The different values of a column, and which of them each row has."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _numbered(column: pa.ChunkedArray, number: Mapping[str, int]) -> Numbers:
    """A column of texts as numbers; -2: it has none."""
    values, indices = _dictionary(column)
    numbers: Numbers = np.array([number.get(each, -2) for each in values] or [0], np.int64)[indices]
    return numbers


def _same_text(column: pa.ChunkedArray, texts: Sequence[str], numbers: Numbers) -> Numbers:
    """Whether a column has the texts that these numbers stand for; several numbers may have one text."""
    number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    known = np.array([number[text] for text in texts], np.int64)
    same: Numbers = _numbered(column, number) == known[numbers]
    return same
