"""Answers from the projection `billing`: lines and totals. Amounts of two currencies are never added together."""

from __future__ import annotations

import re
from typing import Any

from ledger.billing import Line
from ledger.errors import Misused, Refused
from ledger.instants import to_text
from ledger.money import ratio_text, to_amount
from ledger.store.database import Connection, translated
from projections.statements import sql

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def billing(connection: Connection, *, pro: str | None, period: str | None, now: int) -> dict[str, Any]:
    """The contract's `billing --json`. A line belongs to the month its session ended in, in the mission's zone."""
    if period is not None and not _MONTH.fullmatch(period):
        raise Misused("invalid_period", f"{period!r} is not a month; write 2026-03")
    with translated():
        if pro is not None and not connection.execute(sql("pro_standings"), {"pros": [pro]}).fetchall():
            raise Refused("unknown_pro", f"no event mentions {pro}; standing lists every pro", pro=pro)
        rows = connection.execute(sql("billing_lines"), {"pro": pro, "period": period}).fetchall()
    totals: dict[str, list[int]] = {}
    lines = []
    for row in rows:
        lines.append(_line(*row, now=now))
        sums = totals.setdefault(row[8], [0, 0, 0])
        for index in range(3):
            sums[index] += row[5 + index]
    return {
        "lines": lines,
        "totals": {currency: total_answer(currency, *sums) for currency, sums in sorted(totals.items())},
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


def total_answer(currency: str, gross: int, commission: int, vat: int) -> dict[str, str]:
    """Sums of one currency, in minor units, as `billing --json` shows them."""
    return {
        "gross": to_amount(gross, currency),
        "commission": to_amount(commission, currency),
        "vat": to_amount(vat, currency),
        "net": to_amount(gross - commission - vat, currency),
    }
