"""Which months are closed, and what their closes froze: the log says so. The others are what their lines are now."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.entries import entry_of_row
from ledger.instants import to_text
from ledger.store.database import Connection, translated
from ledger.store.log import read_at
from projections.billing_totals import total_answer
from projections.statements import sql


class Closed(NamedTuple):
    """A closed period: where and when it was closed, by whom, and what its event says it froze."""

    period: str
    position: int
    event: str
    at: int
    recorded: int
    by: str
    reason: str | None
    data: dict[str, Any]


def closed_periods(connection: Connection) -> dict[str, Closed]:
    """The closed periods in the order they were closed in."""
    with translated():
        positions = [row[0] for row in connection.execute(sql("closed_periods")).fetchall()]
    found: dict[str, Closed] = {}
    for row in read_at(connection, positions):
        entry = entry_of_row(row)
        data = entry.data
        found[entry.subject] = Closed(
            entry.subject, row.position, row.id, row.occurred, row.recorded, data["by"], data.get("reason"), data
        )
    return found


def periods(connection: Connection, *, now: int) -> dict[str, Any]:
    """`{"periods": [{"period", "status", "lines", "open", "totals", "position", "event", "time", "by", ..}]}`.

    Of an open period the lines are those that wait for a close, `open` of them may still change; lines that a close
    left out are among them, also those of a closed month, which then appears once more as open.
    """
    with translated():
        rows = connection.execute(sql("waiting_periods"), {"now": now}).fetchall()
    waiting: dict[str, dict[str, Any]] = {}
    for period, currency, lines, still_open, *sums in rows:
        kept = waiting.setdefault(period, _answer(period))
        kept["lines"] += lines
        kept["open"] += still_open
        kept["totals"][currency] = total_answer(currency, *map(int, sums))
    shown = [closed_answer(each) for each in closed_periods(connection).values()] + list(waiting.values())
    return {"periods": sorted(shown, key=lambda each: (each["period"], each["status"]))}


def _answer(period: str) -> dict[str, Any]:
    nobody = dict.fromkeys(("position", "event", "time", "by", "reason", "digest"))
    return {"period": period, "status": "open", "lines": 0, "open": 0, "totals": {}, **nobody}


def closed_answer(closed: Closed) -> dict[str, Any]:
    """A closed period as programs read it."""
    return _answer(closed.period) | {
        "status": "closed",
        "lines": closed.data["lines"],
        "open": closed.data["left_open"],
        "totals": closed.data["totals"],
        "position": closed.position,
        "event": closed.event,
        "time": to_text(closed.at),
        "by": closed.by,
        "reason": closed.reason,
        "digest": closed.data["digest"],
    }
