"""The yearly attestation of a client for services à la personne (CGI, art. 199 sexdecies; D.7233-4 C. trav.).

For each session: who came, when, how long it lasted in the end, at what price an hour, and what was paid after every
correction. Only sessions that took place count: no fee for an absence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from ledger.money import HALF_UP, rounded, to_amount
from projections.exports.billed import CREDIT, Billed

COMPLETED = "completed"


class Agreed(NamedTuple):
    """What was agreed for a mission: the price in minor units, per hour or for all of it."""

    price: int
    per_hour: bool


Rounding = Callable[[Billed], int]
"""A line → how the policy that priced it rounds: HALF_UP or HALF_EVEN."""


def by_client(billed: Iterable[Billed], year: int) -> Iterator[tuple[str, list[Billed]]]:
    """The completed sessions of a year of each client, from rows in order of client; one client at a time in memory."""
    wanted = (each for each in billed if each.day.year == year and each.kind == COMPLETED)
    for client, rows in groupby(wanted, key=lambda each: each.client):
        yield client, list(rows)


def attestation(
    client: str,
    rows: Sequence[Billed],
    year: int,
    agreed: Mapping[str, Agreed],
    rounding: Rounding,
    client_data: Mapping[str, Any],
) -> dict[str, Any] | None:
    """One client's attestation, or None where nothing that took place is left.

    `{"client": {"id", …}, "year", "interventions": [{"mission", "date", "pro", "service", "minutes", "hourly_price",
    "hourly_price_from": "agreed"|"computed", "other", "paid", "currency"}], "totals": {CURRENCY: {"interventions",
    "minutes", "paid"}}}`. A mission at a fixed price has the hourly price that follows from it, rounded half up.
    `other` is what was paid beside the time: services added, less what was refunded. The time is rounded as it was when
    it was billed, so that nothing of its rounding is in it.
    """
    missions: dict[str, list[Billed]] = {}
    for row in rows:
        missions.setdefault(row.mission, []).append(row)
    kept = [each for each in map(in_force, missions.values()) if each is not None]
    kept.sort(key=lambda each: (each[0].ended_at, each[0].mission))
    if not kept:
        return None
    sums: dict[str, list[int]] = {}
    for line, paid in kept:
        total = sums.setdefault(line.currency, [0, 0, 0])
        for index, value in enumerate((1, line.minutes, paid)):
            total[index] += value
    return {
        "client": {"id": client, **client_data},
        "year": year,
        "interventions": [_intervention(line, paid, agreed[line.mission], rounding) for line, paid in kept],
        "totals": {
            currency: {"interventions": count, "minutes": minutes, "paid": to_amount(paid, currency)}
            for currency, (count, minutes, paid) in sorted(sums.items())
        },
    }


def in_force(rows: Iterable[Billed]) -> tuple[Billed, int] | None:
    """The line of a mission that nothing has taken back, and what was paid in all; None where all was taken back."""
    latest, standing, paid = None, 0, 0
    for row in rows:
        paid += row.gross
        standing += row.missions
        if row.role != CREDIT:
            latest = row
    return (latest, paid) if latest is not None and standing > 0 else None


def _intervention(line: Billed, paid: int, agreed: Agreed, rounding: Rounding) -> dict[str, Any]:
    if agreed.per_hour:
        hourly, time_paid = agreed.price, rounded(agreed.price * line.minutes, 60, rounding(line))
    else:
        hourly, time_paid = rounded(agreed.price * 60, line.minutes, HALF_UP), agreed.price
    return {
        "mission": line.mission,
        "date": line.day.isoformat(),
        "pro": line.pro,
        "service": line.service,
        "minutes": line.minutes,
        "hourly_price": to_amount(hourly, line.currency),
        "hourly_price_from": "agreed" if agreed.per_hour else "computed",
        "other": to_amount(paid - time_paid, line.currency),
        "paid": to_amount(paid, line.currency),
        "currency": line.currency,
    }
