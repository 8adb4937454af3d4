"""Billing lines of a telling: as arrays, beside stored ones or those of another telling, and as `Line`s where asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ledger.billing import Line
from ledger.money import ratio_text
from projections.compiled import bills
from projections.compiled.deriving import Billed
from projections.compiled.records import ABSENT_LINE, COMPLETED_LINE, NO_LINE

Numbers = npt.NDArray[Any]
KINDS = {"completed": COMPLETED_LINE, "client_absent": ABSENT_LINE}
_KIND_OF = {number: kind for kind, number in KINDS.items()}
_AMOUNTS = ("gross", "commission", "vat", "minutes", "ended_at", "closes_at")
_NAMED = ("client", "city", "service", "currency")


class Lines:
    """The lines of those pros that were judged here: one at most of each mission."""

    def __init__(self, told: Billed) -> None:
        self.told = told
        self.names = {name: each.list() for name, each in told.names.items()}
        self.plain = {number: line for number, line in told.lines.items() if not self._odd(line.pro)}
        missions, billed = told.missions, told.bills
        self.there = (billed["kind"] != NO_LINE) & (missions["odd"] == 0)
        self.there &= ~told.odd[missions["pro"]].astype(np.bool_) if len(told.odd) else False

    def _odd(self, pro: str) -> bool:
        number = self.told.names["pro"].number.get(pro)
        return number is None or bool(self.told.odd[number])

    def line(self, number: int) -> Line | None:
        """The line of a mission, by its number."""
        if number in self.plain:
            return self.plain[number]
        if not self.there[number]:
            return None
        told, m, bill = self.told, self.told.missions[number], self.told.bills[number]
        month = int(bill["month"])
        return Line(
            told.ids[number].as_py(),
            self.names["pro"][m["pro"]],
            self.names["client"][m["client"]],
            self.names["city"][m["city"]],
            self.names["service"][m["service"]],
            _KIND_OF[int(bill["kind"])],
            int(bill["minutes"]),
            int(bill["gross"]),
            int(bill["commission"]),
            int(bill["vat"]),
            self.names["currency"][m["currency"]],
            told.rates[bill["rate"]] if bill["rate"] >= 0 else Fraction(0),
            told.policies[bill["policy"]].name,
            int(bill["ended_at"]),
            int(bill["closes_at"]),
            f"{month // 12:04d}-{month % 12 + 1:02d}",
        )

    def pro(self, number: int) -> str:
        """Whose line a mission's is; empty where it has none."""
        if number in self.plain:
            return self.plain[number].pro
        return self.names["pro"][self.told.missions[number]["pro"]] if self.there[number] else ""

    def sums(self, without: Iterable[int] = ()) -> dict[str, list[int]]:
        """gross, commission and VAT by currency, of all lines but those of some missions."""
        told = self.told
        counted = np.where(self.there, told.bills["kind"], NO_LINE)
        left = np.fromiter(without, np.int64)
        counted[left] = NO_LINE
        totals = np.zeros((max(1, len(self.names["currency"])), 3), np.int64)
        chosen = told.bills.copy()
        chosen["kind"] = counted
        bills.add_up(told.missions, len(told.missions), chosen, totals)
        sums = {
            name: [int(each) for each in totals[number]]
            for number, name in enumerate(self.names["currency"])
            if (counted[told.missions["currency"] == number] != NO_LINE).any()
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
        same = self.there & other.there & (self._rate() == other._rate())
        for name in (*_AMOUNTS, "kind", "month"):
            same &= self.told.bills[name] == other.told.bills[name]
        for name in (*_NAMED, "pro"):
            same &= self.told.missions[name] == other.told.missions[name]
        differing = np.flatnonzero(~same & (self.there | other.there)).tolist()
        plain = [
            each for each in self.plain.keys() | other.plain.keys() if not alike(self.line(each), other.line(each))
        ]
        return sorted({*differing, *plain})

    def _rate(self) -> Numbers:
        """Rates that two tellings can compare: numbers of their texts."""
        known = np.array([hash(each) for each in self.told.rates] + [0], np.int64)
        rates: Numbers = known[self.told.bills["rate"]]
        return rates

    def differing_from_stored(self, stored: pa.Table) -> dict[int | str, Line | None]:
        """Mission (its number; its id where it is not known here) → the stored line, wherever that is another one."""
        told = self.told
        ids = stored["mission"].combine_chunks()
        number = pc.fill_null(pc.index_in(ids, value_set=told.ids), -1).to_numpy()
        odd_pro = np.array([self._odd(name) for name in _dictionary(stored["pro"])[0]] or [False])
        ours = ~odd_pro[_dictionary(stored["pro"])[1]] if len(ids) else np.zeros(0, np.bool_)
        at = np.where(number >= 0, number, 0)
        same = ours & (number >= 0) & self.there[at] if len(told.missions) else np.zeros(len(ids), np.bool_)
        if len(told.missions):
            same &= self.says(stored, at)
        seen = np.zeros(len(told.missions), np.bool_)
        seen[number[(number >= 0) & ours]] = True
        differing: dict[int | str, Line | None] = {}
        for row in np.flatnonzero(ours & ~same).tolist():
            line = _stored_line(stored, row)
            place = int(number[row])
            if place < 0 or not alike(line, self.line(place)):
                differing[place if place >= 0 else line.mission] = line
        for place in np.flatnonzero(self.there & ~seen).tolist():
            differing[place] = None
        for place in self.plain:
            if not seen[place]:
                differing[place] = None
        return differing

    def says(self, stored: pa.Table, at: Numbers, *, apart: Collection[str] = ("policy",)) -> Numbers:
        """Whether each stored line says what the line of the mission at that place does, some columns `apart`."""
        told = self.told
        same = np.ones(len(at), np.bool_)
        for name in _AMOUNTS:
            if name not in apart:
                same &= stored[name].to_numpy() == told.bills[name][at]
        for name in (*_NAMED, "pro"):
            same &= _numbered(stored[name], told.names[name].number) == told.missions[name][at]
        if "period" not in apart:
            same &= _numbered(stored["period"], _months(stored["period"])) == told.bills["month"][at]
        same &= _numbered(stored["kind"], KINDS) == told.bills["kind"][at]
        same &= self._same_text(stored["rate"], [*map(ratio_text, told.rates), ratio_text(Fraction(0))], "rate", at)
        if "policy" not in apart:
            same &= self._same_text(stored["policy"], [each.name for each in told.policies], "policy", at)
        return same

    def _same_text(self, stored: pa.ChunkedArray, texts: list[str], name: str, at: Numbers) -> Numbers:
        """Whether a column has the text that a number in `bills` stands for; several numbers may have one text."""
        number = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        known = np.array([number[text] for text in texts], np.int64)
        same: Numbers = _numbered(stored, number) == known[self.told.bills[name][at]]
        return same


def alike(one: Line | None, other: Line | None) -> bool:
    """Whether two lines are the same, their policy's name apart."""
    if one is None or other is None:
        return one is other
    return one == other._replace(policy=one.policy)


def month_of(period: str) -> int:
    """`2026-03` as `BILL` has it."""
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1


def _months(column: pa.ChunkedArray) -> dict[str, int]:
    return {period: month_of(period) for period in _dictionary(column)[0]}


def _dictionary(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The different values of a column, and which of them each row has."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _numbered(column: pa.ChunkedArray, number: Mapping[str, int]) -> Numbers:
    """A column of texts as numbers; -2: it has none."""
    values, indices = _dictionary(column)
    numbers: Numbers = np.array([number.get(each, -2) for each in values] or [0], np.int64)[indices]
    return numbers


def _stored_line(stored: pa.Table, row: int) -> Line:
    values = {name: stored[name][row].as_py() for name in Line._fields}
    return Line(**{**values, "rate": Fraction(values["rate"])})
