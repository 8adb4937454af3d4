"""Billed rows for the tests of the writers: two pros, several currencies, unless said otherwise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ledger.instants import to_us
from projections.exports.billed import Billed


def billed(mission: str = "m-1", pro: str = "p-1", day: str = "2026-03-10", **changed: Any) -> Billed:
    """A cleaning of 60.00 EUR with 9.00 commission and 1.80 VAT, frozen with its month."""
    at = to_us(datetime.fromisoformat(f"{changed.pop('at', day + 'T11:00')}:00+00:00"))
    values: dict[str, Any] = {
        "period": day[:7],
        "day": date.fromisoformat(day),
        "mission": mission,
        "pro": pro,
        "client": "c-1",
        "city": "lyon",
        "service": "cleaning",
        "kind": "completed",
        "role": "line",
        "minutes": 120,
        "gross": 6000,
        "commission": 900,
        "vat": 180,
        "currency": "EUR",
        "rate": "0.15",
        "policy": "mila@2018-06",
        "status": "closed",
        "ended_at": at,
        "closes_at": at + 1,
        "position": 7,
        "number": 1,
        **changed,
    }
    return Billed(**values)


def credit(of: Billed, period: str, *, position: int = 9, number: int = 1) -> Billed:
    """The exact negation of a line, booked in a later month."""
    return of._replace(
        role="credit",
        period=period,
        minutes=-of.minutes,
        gross=-of.gross,
        commission=-of.commission,
        vat=-of.vat,
        position=position,
        number=number,
        corrects_position=of.position,
        corrects_number=of.number,
    )


def corrected(of: Billed, period: str, gross: int, **changed: Any) -> list[Billed]:
    """What a close books when a line turns out to be another: the credit, and the line that stands now."""
    commission = gross * 15 // 100
    taken_back = credit(of, period)
    line = of._replace(
        period=period,
        gross=gross,
        commission=commission,
        vat=commission // 5,
        position=taken_back.position,
        number=taken_back.number + 1,
        corrects_position=of.position,
        corrects_number=of.number,
        **changed,
    )
    return [taken_back, line]


MARCH = [
    billed(),
    billed("m-2", "p-2", "2026-03-29", gross=5990, commission=899, vat=180, currency="JPY", client="c-2"),
    billed("m-3", "p-2", "2026-03-31", gross=59905, commission=8986, vat=1797, currency="TND", number=3),
    billed("m-4", "p-1", "2026-03-31", gross=33333, commission=5000, vat=1000, minutes=95, number=4),
]
