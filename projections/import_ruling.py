"""How the batches of one import are ruled on: line by line, or where there are many of them by columns."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.book import Book
from ledger.errors import DatabaseUnusable
from projections.archive import growing_book
from projections.bulk.lines import Lines
from projections.live import LiveLedger
from projections.writing import Ruled, rule

if TYPE_CHECKING:
    from projections.bulk.ruling import ByColumns

LARGE_LINES = 18_000
"""An input of so many lines is worth loading machine code for."""
COMPILED_FROM = 60_000
"""Lines after which it is worth making it meanwhile, where it is not there yet."""
WAITED_FOR = 1_000_000
"""An input of so many lines waits for it to be made: less time than it saves."""
NEEDED = ("telling", "judging")
"""The groups of machine code that rule."""


_BYTES_A_LINE = 400
_COMPRESSED = 10


def about_lines(path: str) -> int:
    """About how many lines a file has, by its size."""
    packed = Path(path).suffix in (".gz", ".zst")
    return Path(path).stat().st_size * (_COMPRESSED if packed else 1) // _BYTES_A_LINE


class Ruling:
    """Rules on one batch after the other. `book` is what it rules on, `lines` are about as many as will come.

    Machine code that is not there yet is made beside it, or first where it is worth that. Where it cannot be made, and
    where deadlines are measured by the clock (`live`), of which it knows nothing, lines are ruled on one by one.
    """

    def __init__(self, ledger: LiveLedger, *, live: bool, lines: int) -> None:
        self.book = self._fresh_book(ledger)
        self.trusting = False  # as long as a batch brings nothing known, the next one is trusted to be new as well
        self._ledger = ledger
        self._live = self._plain = live
        self._ready = False
        self._by_columns: ByColumns | None = None
        self._coming = lines
        self._ruled = 0

    def by_columns(self) -> bool:
        """Whether batches are ruled on by columns from now on."""
        if not self._ready and not self._plain and max(self._coming, self._ruled) >= LARGE_LINES:
            from projections.compiled import machine_code  # noqa: PLC0415  a small input does without a compiler

            self._ready = all(map(machine_code.ready, NEEDED))
            if not self._ready and self._coming >= WAITED_FOR:
                try:
                    machine_code.make(*NEEDED)
                    self._ready = True
                except RuntimeError:
                    self._plain = True
            elif not self._ready and self._ruled >= COMPILED_FROM:
                machine_code.prepare(*NEEDED, patiently=True)
        return self._ready

    def rule(self, lines: Lines) -> Ruled | None:
        """The ruling on a batch while the one before is under way; None when it cannot hold."""
        try:
            ruled = self._rule_by_columns(lines) if self.by_columns() else None
            return self._counted(ruled if ruled is not None else self._rule(lines, trusting=self.trusting))
        except DatabaseUnusable:
            raise
        except Exception:
            # Another writer may have changed under our eyes what was being read, so that nothing fits together.
            # The batch is ruled on again under the lock, where nobody can; what else may be wrong shows there.
            return None

    def rule_anew(self, lines: Lines) -> Ruled:
        """The ruling with a book read anew and everything looked up, while nobody else writes."""
        self.renew()
        return self._counted(self._rule(lines, trusting=False))

    def renew(self) -> None:
        """Forget everything; what is committed is read again when it is needed."""
        self.book = self._fresh_book(self._ledger)

    @property
    def full(self) -> bool:
        """Whether so much is kept that it is time to `renew`, with no batch under way."""
        return self._by_columns is not None and self._by_columns.book is self.book and self._by_columns.full

    def settled(self, ruled: Ruled) -> None:
        """A batch is committed: the archive sees its events from now on."""
        recent = self.book.recent
        for key in list(islice(recent, ruled.recent)):  # the oldest ones are those of this batch
            del recent[key]
        if ruled.under_way is not None:
            self.book.under_way.remove(ruled.under_way)
        self.trusting = not ruled.counts["duplicate"]

    def _rule(self, lines: Lines, *, trusting: bool) -> Ruled:
        return rule(self.book, [*lines], clock_us=self._ledger.clock(), live=self._live, trusting=trusting)

    def _rule_by_columns(self, lines: Lines) -> Ruled | None:
        from projections.bulk.ruling import ByColumns  # noqa: PLC0415  it imports NumPy

        if self._by_columns is None or self._by_columns.book is not self.book:
            self._by_columns = ByColumns(self.book)
        return self._by_columns.rule(lines, clock_us=self._ledger.clock(), trusting=self.trusting)

    def _counted(self, ruled: Ruled) -> Ruled:
        self._ruled += ruled.counts.total()
        return ruled

    def _fresh_book(self, ledger: LiveLedger) -> Book:
        return growing_book(ledger.connection, ledger.position())
