"""Billing the missions of a telling: some of them at a time, so that no ledger is too large."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from projections.columns.names import Names
from projections.compiled import bills
from projections.compiled.records import BILL
from projections.compiled.terms import Tables

Numbers = npt.NDArray[Any]

AT_ONCE = 65_536


class Biller:
    """Gives the bills of missions, by their numbers. `rates` are those that bills name so far.

    Missions whose amounts might not fit become odd when they are billed, and have no line.
    """

    def __init__(self, missions: Numbers, later: Numbers, tables: Tables, names: Mapping[str, Names]) -> None:
        cities, services = (names[each].list() for each in ("city", "service"))
        self.missions = missions
        self._later = later
        self.rates: list[Fraction] = []
        self._tables = tables
        self._cities = cities
        self._services = services
        self._shape = len(tables.policies), max(1, len(services)), max(1, len(cities))
        self._used = np.full(int(np.prod(self._shape)), bills.UNUSED, np.int32)
        self._fractions = np.empty((0, 2), np.int64)
        self._caps = np.zeros(self._shape[::2], np.int64)
        self._cap_currency = np.full(self._shape[::2], -2, np.int32)
        for number, each in enumerate(tables.policies):
            for of_city, name in enumerate(cities):
                most, currency = each.fee_cap(name)
                self._caps[number, of_city] = most
                self._cap_currency[number, of_city] = names["currency"].number.get(currency, -2)
        self.kinds: Numbers = np.empty(0, np.int8)

    def everything(self) -> Biller:
        """This one, once it has billed every mission: `kinds` has the kind of each one's line."""
        self.kinds = np.concatenate([self.kinds, *(each["kind"].copy() for _, each in self.all())])
        return self

    def of(self, which: Numbers) -> Numbers:
        """The bills of these missions (a number -1: none)."""
        missions, terms = self.missions, self._tables.terms
        _, services, cities = self._shape
        billed = np.zeros(len(which), BILL)
        bills.settle(missions, which, billed, terms)
        if bills.mark_rates(missions, which, billed, services, cities, self._used):
            self._look_up()
        tables = self._fractions, self._caps, self._cap_currency, terms
        bills.work_out(missions, self._later, which, billed, services, cities, self._used, *tables)
        return billed

    def all(self) -> Iterator[tuple[Numbers, Numbers]]:
        """(numbers of missions, their bills) of all missions, some of them at a time."""
        for first in range(0, len(self.missions), AT_ONCE):
            which = np.arange(first, min(first + AT_ONCE, len(self.missions)), dtype=np.int32)
            yield which, self.of(which)

    def _look_up(self) -> None:
        """Ask the policies for the rates that are wanted."""
        for place in np.flatnonzero(self._used == bills.WANTED):
            policy, service, city = np.unravel_index(place, self._shape)
            self._used[place] = len(self.rates)
            asked = self._tables.policies[policy]
            self.rates.append(asked.commission_rate(self._services[service], self._cities[city]))
        self._fractions = np.array([(each.numerator, each.denominator) for each in self.rates], np.int64)
