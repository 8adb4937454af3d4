"""The policies of the batches of an import as tables of integers, made anew only when there is more to know."""

from __future__ import annotations

from ledger.instants import DAY
from ledger.policies.register import Register
from projections.bulk.courses import Courses
from projections.compiled import terms
from projections.compiled.billing import Biller

BEFORE, BEYOND = 60 * DAY, 400 * DAY
"""So much more than was asked for is put into the tables of days."""
LONGEST = 30 * 366 * DAY
"""Longer tables are not made: an instant so far off is somebody's mistake."""


class KnownTerms:
    """What was known during this import, each time from which event on, and the tables of it."""

    def __init__(self, courses: Courses) -> None:
        self._courses = courses
        self._registers: list[Register] = []
        self._span: tuple[int, int] | None = None
        self._known: tuple[int, ...] = ()
        self._tables: terms.Tables | None = None
        self._biller: Biller | None = None
        self._made: tuple[int, ...] = ()

    def begin(self, first: int, last: int) -> bool:
        """A batch with instants from `first` to `last`; False where there are no tables of so long a time."""
        if self._span is not None and self._span[0] <= first <= last <= self._span[1]:
            return True
        span = first - BEFORE, last + BEYOND
        if self._span is not None:
            span = min(span[0], self._span[0]), max(span[1], self._span[1])
        if span[1] - span[0] > LONGEST:
            return False
        self._span, self._tables = span, None
        return True

    @property
    def many(self) -> int:
        """How many times something was published."""
        return len(self._registers)

    def register(self, latest: Register) -> int:
        """The number of what is known from now on."""
        if not self._registers or self._registers[-1] is not latest:
            self._registers.append(latest)
            self._tables = None
        return len(self._registers) - 1

    def tables(self) -> terms.Tables:
        """The tables of everything named so far."""
        names = self._courses.names
        cities, zones = names["city"].list(), names["timezone"].list()
        known = len(self._registers), len(cities), len(zones)
        if self._tables is None or known != self._known:
            assert self._span is not None
            self._tables = terms.tables(self._registers, cities, zones, self._span)
            self._known, self._biller = known, None
        return self._tables

    def biller(self) -> Biller:
        """What bills the missions that are kept flat."""
        tables, book, names = self.tables(), self._courses.book, self._courses.names
        many = len(names["service"].number), len(names["currency"].number)
        made = id(book.missions), id(book.later), *many  # the biller holds both, so that neither id is given again
        if self._biller is None or made != self._made:
            self._biller, self._made = Biller(book.missions, book.later, tables, names), made
        return self._biller
