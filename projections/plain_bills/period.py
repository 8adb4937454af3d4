"""A closed period derived again as far as its missions are plain: what is settled, and what is told one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.archive import PostgresArchive
from projections.billed_missions import Terms
from projections.periods import Closed
from projections.plain_bills.amounts import lines
from projections.plain_bills.entries import Derived, Texts, compared, derived, read_entries, sums
from projections.plain_bills.facts import Ints, Progress, places, read_facts
from projections.plain_bills.sessions import sessions
from projections.statements import sql

WORK_MEMORY = "256MB"


class Part(NamedTuple):
    """The plain part of a period: `entries` that are as they were frozen, their `sums`, and the `rest` by name."""

    missions: Any
    rest: Ints
    found: Derived | None
    same: Ints

    @property
    def entries(self) -> int:
        """How many entries are settled."""
        return len(self.same)

    def sums(self) -> dict[str, list[int]]:
        """Gross, commission and VAT of the settled entries, in each currency."""
        return sums(self.found, self.same) if self.found is not None else {}

    def pages(self, number: int) -> Iterator[list[str]]:
        """The missions of the rest, so many at a time."""
        for first in range(0, len(self.rest), number):
            page: list[str] = self.missions.take(pa.array(self.rest[first : first + number])).to_pylist()
            yield page

    def texts(self) -> Iterator[Iterator[memoryview]]:
        """The texts of the settled entries before each mission of the rest in turn, then those behind the last."""
        texts = Texts(self.found, self.same) if self.found is not None else None
        for place in [*self.rest.tolist(), len(self.missions)]:
            yield texts.before(place) if texts is not None else iter(())


def plain_part(archive: PostgresArchive, closed: Closed, terms: Terms, *, assuming: bool, progress: Progress) -> Part:
    """Derive the plain missions of a closed period in one go, up to the archive's position."""
    connection, bounds = archive.connection, {"position": closed.position, "period": closed.period}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", (WORK_MEMORY,))
        left_out = [row[0] for row in cursor.execute(sql("missions_left_out"), bounds).fetchall()]
        amended = cursor.execute(
            sql("missions_amended"), {"voided": list(terms.voids), "until": archive.until}
        ).fetchall()
    entries = read_entries(connection, closed.position, closed.data["lines"])
    missions = _in_order(entries["mission"], left_out)
    everything = np.arange(len(missions))
    try:
        facts = read_facts(connection, missions, archive.until, progress)
    except pa.ArrowInvalid:  # a stored document is not what its type says: the one-by-one computation meets it too
        return Part(missions, everything, None, everything[:0])
    known = places(pa.array([row[0] for row in amended], pa.string()), missions)
    done = sessions(facts, len(missions), known[known >= 0])
    found = derived(missions, facts, done, lines(facts, done, terms.chronicle))
    due = (found.lines.day <= _last_day(closed.period)) & (found.lines.closes_at <= closed.at)
    same, rest = compared(found, due, entries, missions, assuming=assuming)
    return Part(missions, rest, found, same)


def _in_order(frozen: Any, left_out: list[str]) -> Any:
    """The missions of a period, each once, in the order of its entries: that of their bytes."""
    together = pc.unique(pa.chunked_array([*frozen.chunks, pa.array(left_out, pa.string())]))
    return together.take(pc.sort_indices(together)) if left_out else together


def _last_day(period: str) -> int:
    year, month = int(period[:4]), int(period[5:])
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).toordinal()
