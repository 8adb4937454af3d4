"""Closing a period: its lines are frozen as entries, and one event says who did it, their sums and their digest.

It is done under the log's lock, where every projection is up to date, and in the commit of its event. The entries are
written by set-based SQL; a million of them never pass through this program but for their digest. A fold that meets the
event does the same again and compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ledger.billing_entries import Buffer, digest_of
from ledger.entries import Entry
from ledger.errors import Refused
from ledger.instants import HOUR, parse_us, to_text, to_us
from ledger.store.database import Connection
from projections.billing_totals import total_answer
from projections.periods import closed_periods
from projections.statements import sql

Document = dict[str, Any]

WORK_MEMORY = "256MB"
"""For the sorts and joins of a close: a million entries then need no file."""


class Frozen(NamedTuple):
    """What a close froze: how many entries, what it left open, sums per currency, and the digest of the entries."""

    lines: int
    left_open: int
    totals: dict[str, dict[str, str]]
    digest: str


def freeze(connection: Connection, position: int, period: str, at: int) -> Frozen:
    """Write the entries of a close that is recorded at `position` and happens at `at`."""
    bounds = {"position": position, "period": period, "at": at}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", (WORK_MEMORY,))
        cursor.execute(sql("freeze_lines"), bounds)
        cursor.execute(sql("settle_pending"), bounds)
        left_open, _ = cursor.execute(sql("lines_open"), bounds).fetchone() or (0, None)
        sums = cursor.execute(sql("entry_totals"), bounds).fetchall()
    return Frozen(
        sum(count for _, count, *_ in sums),
        left_open,
        {currency: total_answer(currency, *map(int, amounts)) for currency, _, *amounts in sums},
        digest_of(entry_texts(connection, position)),
    )


def entry_texts(connection: Connection, position: int) -> Iterator[Buffer]:
    """The texts of the entries frozen by the event at a position, in order: what their digest reads."""
    with connection.cursor() as cursor, cursor.copy(sql("entry_texts"), {"position": position}) as copy:
        yield from copy


def close_again(connection: Connection, entry: Entry) -> str | None:
    """Freeze what a recorded close froze, on tables that stand as they then did; what differs from its event.

    The instants that bills closed at are kept as they were: they may follow from a zone database that has since been
    corrected, and then only they differ from the entries that the event vouches for.
    """
    data: Mapping[str, Any] = entry.data
    found = freeze(connection, entry.position, entry.subject, entry.at)
    differing = [name for name, derived in found._asdict().items() if data[name] != derived]
    if not differing:
        return None
    if differing == ["digest"]:
        alike = connection.execute(sql("entries_alike"), {"position": entry.position}).fetchone()
        if alike == (True,) and keep_closed(connection, entry):
            return None
    name = differing[0]
    return f"recorded is {name} {data[name]}, derived is {getattr(found, name)}"


def keep_closed(connection: Connection, entry: Entry) -> bool:
    """Take the entries of a recorded close from the live table into the fresh one; whether its digest is theirs.

    Where other amounts follow now, as an older program worked them out otherwise, the mission waits for the next close.
    """
    where = {"position": entry.position}
    with connection.cursor() as cursor:
        cursor.execute(sql("settle_kept"), where)
        cursor.execute(sql("await_differing"), where)
        cursor.execute(sql("delete_entries"), where)  # those derived
        cursor.execute(sql("keep_entries"), where)
    digest: str = entry.data["digest"]
    return digest_of(entry_texts(connection, entry.position)) == digest


# -- the command ------------------------------------------------------------------------------------------------------


def closed(connection: Connection, position: int, document: Document, *, leave_open: bool) -> Document:
    """The `billing.period_closed` to record at this position: the document with the data of what was frozen.

    `document` is its envelope, with who closes and why; call it under the log's lock, in the transaction that records
    the event. Refuses `no_statement`, `invalid_transition`, `lines_open`; the transaction must then be rolled back.
    """
    period, at = document["subject"], parse_us(document["time"])
    stated = {name: value for name, value in document["data"].items() if value is not None}
    if not (stated.get("by") or "").strip():
        raise Refused("no_statement", "closing a period needs who closes it: give --by")
    _refuse_unless_next(connection, period, at)
    if not leave_open:
        _refuse_open_lines(connection, period, at)
    found = freeze(connection, position, period, at)
    return {**document, "data": {**stated, "leave_open": leave_open, **found._asdict()}}


def _refuse_unless_next(connection: Connection, period: str, at: int) -> None:
    """Only a month that is over is closed, once, and no later one before it."""
    periods = closed_periods(connection)
    known = periods.get(period)
    if known is not None:
        text = f"{period} was closed by {known.by} at {to_text(known.at)} (#{known.position}) and stays as it is"
        raise Refused("invalid_transition", f"{text}; what changes since goes into the next period that is closed")
    over = over_at(period)
    if at < over:
        text = f"{period} is not over everywhere before {to_text(over)}; close it after that"
        raise Refused("invalid_transition", text, over_at=to_text(over))
    latest = max(periods, default="")
    if period < latest:
        text = f"{latest} is closed already; late lines of {period} go into the next period that is closed"
        raise Refused("invalid_transition", text)
    rows = connection.execute(sql("unclosed_periods"), {"after": latest}).fetchall()
    first = min((each for (each,) in rows), default=period)
    if first < period:
        text = f"{first} has lines and is not closed; months close in order: run mission-ledger billing close {first}"
        raise Refused("invalid_transition", text, period=first)


def _refuse_open_lines(connection: Connection, period: str, at: int) -> None:
    number, until = connection.execute(sql("lines_open"), {"period": period, "at": at}).fetchone() or (0, None)
    if number:
        lines = f"{number} lines" if number > 1 else "one line"
        text = f"{lines} up to {period} may change until {to_text(until)}: close it after that, or with --leave-open"
        raise Refused("lines_open", f"{text}, which moves them to the next period", open=number, until=to_text(until))


def over_at(period: str) -> int:
    """When a month is over everywhere on earth: its last zone is twelve hours behind UTC."""
    year, month = int(period[:4]), int(period[5:])
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return to_us(after) + 12 * HOUR
