"""Which months are closed, and what their closes froze: the log says so. The others are what their lines are now."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.entries import entry_of_row
from ledger.instants import to_text
from ledger.store.database import Connection, translated
from ledger.store.log import read_at
from projections.billing_totals import total_answer
from projections.snapshot import snapshot
from projections.statements import sql
from projections.unbooked import unbooked


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

    Of an open period `lines` and `totals` are the entries that its close would book as the facts now stand: its lines,
    the late ones and the credits of closed months, once the open ones before it are closed. `open` of its lines may
    still change.
    """
    with snapshot(connection):  # a close meanwhile would be in one of the two and not in the other
        closed = closed_periods(connection)
        found = unbooked(connection, closed, now=now)
    waiting: dict[str, dict[str, Any]] = {}
    for each in found:
        kept = waiting.setdefault(each.period, _answer(each.period))
        kept["lines"] += each.entries
        kept["open"] += each.still_open
        if each.entries:
            kept["totals"][each.currency] = total_answer(each.currency, each.gross, each.commission, each.vat)
    shown = [closed_answer(each) for each in closed.values()] + list(waiting.values())
    return {"periods": sorted(shown, key=lambda each: each["period"])}


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
