"""Answers from the projection `billing`: lines and totals. Amounts of two currencies are never added together."""

from __future__ import annotations

import re
from typing import Any

from ledger.billing import Line
from ledger.errors import Misused, Refused
from ledger.instants import to_text
from ledger.money import ratio_text, to_amount
from ledger.store.database import Connection, translated
from projections.billing_totals import total_answer
from projections.periods import closed_answer, closed_periods
from projections.statements import sql

LAST_INSTANT = 2**62

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def billing(connection: Connection, *, pro: str | None, period: str | None, now: int) -> dict[str, Any]:
    """The contract's `billing --json`. A line belongs to the month its session ended in, in the mission's zone.

    Of a closed period it gives the frozen entries, credits among them, and `closed`: who closed it and what its event
    says of all its entries.
    """
    if period is not None and not _MONTH.fullmatch(period):
        raise Misused("invalid_period", f"{period!r} is not a month; write 2026-03")
    with translated():
        if pro is not None and not connection.execute(sql("pro_standings"), {"pros": [pro]}).fetchall():
            raise Refused("unknown_pro", f"no event mentions a pro {pro}; standing lists every pro", pro=pro)
        closed = closed_periods(connection).get(period) if period is not None else None
        chosen = {"pro": pro, "period": period, "position": closed.position if closed else 0}
        rows = connection.execute(sql("entries_of_period" if closed else "billing_lines"), chosen).fetchall()
    totals: dict[str, list[int]] = {}
    lines = []
    for row in rows:
        lines.append(entry_answer(*row) if closed else _line(*row, now=now))
        sums = totals.setdefault(row[8], [0, 0, 0])
        for index in range(3):
            sums[index] += row[5 + index]
    return {
        "lines": lines,
        "totals": {currency: total_answer(currency, *sums) for currency, sums in sorted(totals.items())},
        **({"closed": closed_answer(closed)} if closed else {}),
    }


def line_answer(line: Line, *, now: int) -> dict[str, Any]:
    """A line as `billing --json` shows it."""
    return _line(
        line.mission,
        line.pro,
        line.city,
        line.service,
        line.minutes,
        line.gross,
        line.commission,
        line.vat,
        line.currency,
        ratio_text(line.rate),
        line.closes_at,
        line.kind,
        line.period,
        line.policy,
        now=now,
    )


def _line(*row: Any, now: int) -> dict[str, Any]:
    mission, pro, city, service, minutes, gross, commission, vat, currency, rate, closes_at, kind, period, policy = row
    return {
        "mission": mission,
        "pro": pro,
        "city": city,
        "service": service,
        "kind": kind,
        "minutes": minutes,
        "gross": to_amount(gross, currency),
        "commission": to_amount(commission, currency),
        "vat": to_amount(vat, currency),
        "net": to_amount(gross - commission - vat, currency),
        "currency": currency,
        "rate": rate,
        "policy": policy,
        "status": "closed" if now >= closes_at else "open",
        "closes_at": to_text(closes_at),
        "period": period,
    }


_LINE_FIELDS = 14


def entry_answer(*row: Any) -> dict[str, Any]:
    """A frozen entry: the line as it was, what it is, where it stands, and which entry it takes back or replaces."""
    role, position, number, corrects_position, corrects_number = row[_LINE_FIELDS:]
    corrects = {"position": corrects_position, "number": corrects_number} if corrects_position else None
    line = _line(*row[:_LINE_FIELDS], now=LAST_INSTANT)
    return line | {"role": role, "position": position, "number": number, "corrects": corrects}
