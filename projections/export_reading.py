"""What exports read: billed amounts of months, in one snapshot, a few thousand rows in memory at a time.

A closed month gives its frozen entries, an open one its lines as the facts now stand. Lines that came too late for the
close of their month stand in the one whose close books them, so that a closed month never holds more than was frozen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from ledger.entries import Entry
from ledger.instants import HOUR, from_us, local_day
from ledger.policies.parameters import ROUNDINGS
from ledger.store.database import Connection, translated
from ledger.store.log import LAST
from projections.archive import PostgresArchive
from projections.exports.billed import CLOSED, OPEN, Billed
from projections.mission_requests import requests, zones
from projections.periods import closed_periods
from projections.statements import sql
from projections.unbooked import Unbooked, next_close, unbooked

BATCH = 5_000
FARTHEST_WEST, FARTHEST_EAST = 12 * HOUR, 14 * HOUR

Sharp = Callable[[date], object]
"""What of a local day matters; two days that give the same need not be told apart."""

EACH_DAY: Sharp = lambda day: day  # noqa: E731  a rule by name
NO_DAY: Sharp = lambda day: None  # noqa: E731


def quarter(day: date) -> object:
    """Only the quarter of a local day matters."""
    return day.year, (day.month - 1) // 3


class Late(NamedTuple):
    """How many lines came too late for the close of their month, and the month whose close would book them."""

    lines: int
    period: str


class Months:
    """The billed amounts of a ledger as they stand in one snapshot. `now` is in microseconds."""

    def __init__(self, connection: Connection, now: int) -> None:
        self.connection = connection
        self.now = now
        self.closed = closed_periods(connection)
        self.chronicle, self.voided = PostgresArchive(connection).chronicle()
        self._roundings: dict[tuple[str, str, int], int] = {}

    @cached_property
    def unbooked(self) -> list[Unbooked]:
        """What no close has booked yet, by the month whose close would."""
        return unbooked(self.connection, self.closed, now=self.now)

    def late(self) -> Late | None:
        """The lines that came too late for the close of their month, whatever it is; None where there are none."""
        lines = sum(each.late for each in self.unbooked)
        return Late(lines, next_close(self.unbooked, self.closed)) if lines else None

    def known(self) -> list[str]:
        """The months that hold anything, in order."""
        with translated():
            rows = self.connection.execute(sql("export_months"), {"after": max(self.closed, default="")}).fetchall()
        late = self.late()
        return sorted({*(row[0] for row in rows), *([late.period] if late else [])})

    def provisional(self, span: str) -> list[str]:
        """The months of a span (`2026`, `2026-03`) that hold amounts and are not closed: they may still change."""
        return [each for each in self.known() if each.startswith(span) and each not in self.closed]

    def open_answer(self, span: str, *, by_session: bool = False) -> dict[str, Any]:
        """What may still change: `{"provisional": [month, ..], "unbooked": {"lines", "period"} or None, "waiting"}`.

        `unbooked` are the lines that came too late for the close of their month, in the month that stands for them;
        `by_session`: they are in the document whatever that month is, which is then provisional too.
        """
        late = self.late()
        added = {late.period} if late and by_session else set()
        return {
            "provisional": sorted({*self.provisional(span), *added}),
            "unbooked": late._asdict() if late else None,
            "waiting": self.waiting(),
        }

    def waiting(self) -> int:
        """How many closed amounts the next closes take back as the facts now stand, whatever their month."""
        return sum(each.credits for each in self.unbooked)

    def month(self, period: str, *, sharp: Sharp = EACH_DAY) -> Iterator[Billed]:
        """A month: its entries when it is closed, else its lines, and the late ones that its close would book."""
        if period in self.closed:
            yield from self._billed("export_entries", {"period": period}, sharp)
            return
        latest, late = max(self.closed, default=""), self.late()
        if period > latest:
            yield from self._billed("export_lines", {"period": period}, sharp)
        if late is not None and late.period == period:
            yield from self._billed("export_late", {"period": period, "after": latest}, sharp)

    def months(self, periods: Iterable[str], *, sharp: Sharp = EACH_DAY) -> Iterator[Billed]:
        """Several months, one after the other."""
        for period in periods:
            yield from self.month(period, sharp=sharp)

    def year(self, year: int, *, sharp: Sharp = EACH_DAY) -> Iterator[Billed]:
        """The twelve months of a year."""
        return self.months((each for each in self.known() if each.startswith(f"{year:04d}-")), sharp=sharp)

    def clients(self, start: int, end: int, client: str | None) -> Iterator[Billed]:
        """Everything billed for sessions that ended from `start` until `end`, in order of client."""
        return self._billed("export_clients", {"from": start, "until": end, "client": client}, EACH_DAY)

    def requests(self, missions: Iterable[str]) -> dict[str, Entry]:
        """The requests of missions."""
        return requests(self.connection, list(missions), self.voided)

    def rounding(self, line: Billed) -> int:
        """How the policy that priced a line rounds (HALF_UP, HALF_EVEN), as it was known when the line was frozen."""
        key = line.policy, line.city, line.position or LAST
        if key not in self._roundings:  # a version is looked for in all that was ever known
            policy = self.chronicle.policy(line.policy, line.position or LAST)
            self._roundings[key] = ROUNDINGS[policy.values(line.city)["billing"]["rounding"]]
        return self._roundings[key]

    def _billed(self, name: str, parameters: Mapping[str, Any], sharp: Sharp) -> Iterator[Billed]:
        with translated(), self.connection.cursor(name="export", binary=True) as cursor:
            cursor.itersize = BATCH
            cursor.execute(sql(name), parameters)
            while rows := list(islice(cursor, BATCH)):
                yield from self._dated(rows, sharp)

    def _dated(self, rows: list[tuple[Any, ...]], sharp: Sharp) -> Iterator[Billed]:
        """The rows with the local day each session ended on; the zone is asked for only where it matters."""
        # No day is the same everywhere on earth: where each one matters the zones are asked for at once.
        days = [None] * len(rows) if sharp is EACH_DAY else [_day_anywhere(row[15], sharp) for row in rows]
        unsure = {row[1] for row, day in zip(rows, days, strict=True) if day is None}
        places = zones(self.connection, unsure, self.voided) if unsure else {}
        for row, day in zip(rows, days, strict=True):
            local = day or local_day(row[15], places.get(row[1], "UTC"))
            status = CLOSED if row[17] or self.now >= row[16] else OPEN
            yield Billed._make((row[0], local, *row[1:15], status, *row[15:]))


def _day_anywhere(at: int, sharp: Sharp) -> date | None:
    """The day of an instant in UTC where no zone on earth would make a difference that matters; else None."""
    if sharp(from_us(at - FARTHEST_WEST).date()) == sharp(from_us(at + FARTHEST_EAST).date()):
        return from_us(at).date()
    return None


@contextmanager
def snapshot(connection: Connection, now: int) -> Iterator[Months]:
    """One snapshot of the ledger, however long its reader takes; writers do not wait for it."""
    with translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield Months(connection, now)
