"""What no close has booked yet: what the close of each month that is open would book, as the facts now stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ledger.instants import month_text
from ledger.store.database import Connection, translated
from projections.statements import sql


class Unbooked(NamedTuple):
    """What the close of a month would book in one currency; amounts in minor units, net of its credits.

    `entries`: how many lines and credits. `credits` of them take back what an earlier close froze, `late` are lines of
    months that were closed without them. `still_open` lines may still change; while there are any, the month is not
    closed, or without them.
    """

    period: str
    currency: str
    entries: int
    credits: int
    late: int
    still_open: int
    gross: int
    commission: int
    vat: int


def unbooked(connection: Connection, closed: Collection[str], *, now: int) -> list[Unbooked]:
    """What waits, by month and currency, in order; the months are closed one after the other.

    What belongs to months that no close can take any more is booked by the next one: that of the first month behind
    them that has lines, else of the one that follows.
    """
    latest = max(closed, default="")
    with translated():
        rows = connection.execute(sql("unbooked"), {"after": latest, "now": now}).fetchall()
    following = min((period for period, *_ in rows if period > latest), default=_month_after(latest) if latest else "")
    found: dict[tuple[str, str], list[int]] = {}
    for period, currency, *numbers in rows:
        kept = found.setdefault((max(period, following) if latest else period, currency), [0] * len(numbers))
        kept[:] = [before + int(number) for before, number in zip(kept, numbers, strict=True)]
    return [Unbooked(*key, *numbers) for key, numbers in sorted(found.items())]


def next_close(waiting: Collection[Unbooked], closed: Collection[str]) -> str:
    """The month whose close is next, given what waits; empty while none is closed and nothing waits."""
    latest = max(closed, default="")
    return min((each.period for each in waiting), default=_month_after(latest) if latest else "")


def _month_after(period: str) -> str:
    year, month = int(period[:4]), int(period[5:])
    return month_text(12 * year + month)
