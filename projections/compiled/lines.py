"""Billing lines of a telling: as arrays, beside stored ones or those of another telling, and as `Line`s where asked."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ledger.billing import Line
from ledger.money import ratio_text
from projections.compiled import bills
from projections.compiled.deriving import Told
from projections.compiled.records import COMPLETED_LINE, NO_LINE

Numbers = npt.NDArray[Any]
KINDS = {COMPLETED_LINE: "completed"}
_AMOUNTS = ("gross", "commission", "vat", "minutes", "ended_at", "closes_at")
_NAMED = ("client", "city", "service", "currency")


class Lines:
    """The lines of those pros that were judged here: one at most of each mission."""

    def __init__(self, told: Told) -> None:
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
            KINDS.get(int(bill["kind"]), "client_absent"),
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
            same &= self._equal(stored, at)
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

    def _equal(self, stored: pa.Table, at: Numbers) -> Numbers:
        """Whether each stored line says what the line of the mission at that place does."""
        told = self.told
        same = np.ones(len(at), np.bool_)
        for name in _AMOUNTS:
            same &= stored[name].to_numpy() == told.bills[name][at]
        for name in (*_NAMED, "pro"):
            known = told.names[name].number
            same &= _numbered(stored[name], lambda text, known=known: known.get(text, -2)) == told.missions[name][at]
        same &= _numbered(stored["period"], _month) == told.bills["month"][at]
        same &= (_numbered(stored["kind"], lambda text: text == "completed") == 1) == (
            told.bills["kind"][at] == COMPLETED_LINE
        )
        rates = {text: number for number, text in enumerate(dict.fromkeys(map(ratio_text, [*told.rates, Fraction(0)])))}
        of_rate = np.array([rates[ratio_text(each)] for each in [*told.rates, Fraction(0)]], np.int64)
        same &= _numbered(stored["rate"], lambda text: rates.get(text, -2)) == of_rate[told.bills["rate"][at]]
        return same


def alike(one: Line | None, other: Line | None) -> bool:
    """Whether two lines are the same, their policy's name apart."""
    if one is None or other is None:
        return one is other
    return one == other._replace(policy=one.policy)


def _month(period: str) -> int:
    year, _, month = period.partition("-")
    return int(year) * 12 + int(month) - 1


def _dictionary(column: pa.ChunkedArray) -> tuple[list[str], Numbers]:
    """The different values of a column, and which of them each row has."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy()


def _numbered(column: pa.ChunkedArray, number: Any) -> Numbers:
    """A column of texts as numbers."""
    values, indices = _dictionary(column)
    numbers: Numbers = np.array([int(number(each)) for each in values] or [0], np.int64)[indices]
    return numbers


def _stored_line(stored: pa.Table, row: int) -> Line:
    values = {name: stored[name][row].as_py() for name in Line._fields}
    return Line(**{**values, "rate": Fraction(values["rate"])})
