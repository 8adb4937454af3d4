"""Write a month of billed missions as CloudEvents NDJSON: the history that billing_close.py closes and derives again.

    python -m tests.benchmarks.billed_month OUT.ndjson [--lines 1000000]

It is made by arithmetic, always the same bytes: exactly as many missions that bear money as asked for, in March 2026
(in which Paris and Zurich change their clocks), of a fiftieth as many pros, in three zones and
currencies (EUR, CHF, JPY), hourly and fixed prices, five services, under two published policies with city overrides
that change rate and rounding in the middle of the month. Most missions are requested, accepted and completed, in order.
The rest, a few in a hundred, are what a bill is harder for: durations changed and services added before closing, absent
clients, other starts, a second pro, acceptances that arrive after the completion, changes declared wrong; and besides,
missions that were called off and bear nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from ledger.policies.shipped import preset

PERIOD = "2026-03"
MISSIONS_OF_A_PRO = 50
MINUTE = timedelta(minutes=1)
CALLED_OFF_EVERY = 80
"""Beside so many billed missions one is called off by its client."""


class City(NamedTuple):
    """Where missions are: the zone, the currency, and the price of an hour of the first service in minor units."""

    name: str
    zone: str
    currency: str
    hour: int
    decimals: int


CITIES = (
    City("paris", "Europe/Paris", "EUR", 2490, 2),
    City("lyon", "Europe/Paris", "EUR", 2290, 2),
    City("geneve", "Europe/Zurich", "CHF", 4190, 2),
    City("tokyo", "Asia/Tokyo", "JPY", 3217, 0),
)
SERVICES = ("cleaning", "hairdressing", "massage", "repair", "gardening")
Timed = tuple[datetime, int, bytes]


def policies() -> Iterator[Timed]:
    """Two versions with the notice the law asks for; the second is in force from the middle of the month on."""
    versions = (
        ("2026-02", "2026-02-01T00:00:00Z", "2026-01-05T09:00:00Z", "0.15", "half_up"),
        ("2026-03", "2026-03-15T00:00:00Z", "2026-02-20T09:00:00Z", "0.1625", "half_even"),
    )
    for version, effective, at, commission, rounding in versions:
        document = preset("mila-2018-06").document() | {"id": "month", "version": version, "effective_from": effective}
        document["billing"] = document["billing"] | {"commission": commission, "rounding": rounding}
        document["city"] = {
            "geneve": {"billing": {"vat": "0.081", "closes": "noon_next_local_day"}},
            "tokyo": {"billing": {"vat": "0.10", "closes": "end_of_same_local_day"}},
        }
        data = {"version": version, "effective_from": effective, "notified_at": at, "document": document}
        yield event("policy.published", "month", datetime.fromisoformat(at), 0, f"policy-{version}", data)


def event(kind: str, subject: str, at: datetime, place: int, event_id: str, data: dict[str, Any]) -> Timed:
    """One line, with what it is sorted by: when it arrives, which is its time, then its place in the mission."""
    document = {
        "specversion": "1.0",
        "id": event_id,
        "source": "app/month",
        "type": kind,
        "subject": subject,
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": data,
    }
    return at, place, orjson.dumps(document) + b"\n"


def scattered(number: int, salt: int, below: int) -> int:
    """A number below a bound that looks like chance and is the same every time."""
    mixed = (number * 0x9E3779B97F4A7C15 + salt * 0xC2B2AE3D27D4EB4F) & (2**64 - 1)
    mixed = ((mixed ^ (mixed >> 29)) * 0xBF58476D1CE4E5B9) & (2**64 - 1)
    return (mixed ^ (mixed >> 32)) % below


def mission(number: int, pros: int) -> Iterator[Timed]:
    """The events of one billed mission."""
    pro_number = number % pros
    city = CITIES[pro_number % len(CITIES)]
    zone = ZoneInfo(city.zone)
    first = datetime(2026, 3, 1, tzinfo=zone).astimezone(UTC)
    last = datetime(2026, 4, 1, tzinfo=zone).astimezone(UTC)
    minutes = 30 + 5 * scattered(number, 1, 43)
    # Its end is what puts a session into the month; the first ones began in February.
    end = first + scattered(number, 2, (last - first) // MINUTE) * MINUTE
    start = end - minutes * MINUTE
    requested = start - (120 + scattered(number, 3, 14_000)) * MINUTE
    accepted = requested + (1 + scattered(number, 4, 100)) * MINUTE
    name, pro, kind = f"m-{number:07}", f"pro-{pro_number:05}", scattered(number, 5, 1000)
    service = scattered(number, 6, len(SERVICES))
    fixed = scattered(number, 7, 4) == 0
    price = {"amount": amount(city, service, number, fixed), "currency": city.currency}
    request = {
        "client": f"client-{scattered(number, 8, pros * 5):06}",
        "city": city.name,
        "service": SERVICES[service],
        "starts_at": start.astimezone(zone).isoformat(),
        "timezone": city.zone,
        "duration_minutes": minutes,
        "price": price | {"per": "mission" if fixed else "hour"},
    }

    def said(what: str, at: datetime, place: int, **data: Any) -> Timed:
        return event(f"mission.{what}", name, at, place, f"{number}/{what}", data)

    yield said("requested", requested, 0, **request)
    if kind < 5:  # somebody else had it first
        other = f"pro-{(pro_number + len(CITIES)) % pros:05}"
        yield event("mission.accepted", name, requested, 1, f"{number}/first", {"pro": other})
        yield event("mission.cancelled", name, requested, 2, f"{number}/first-cancelled", {"by": "pro", "pro": other})
    _, place, acceptance = said("accepted", accepted, 3, pro=pro)
    late = 5 <= kind < 10  # the phone of these pros was offline
    yield end + MINUTE if late else accepted, place, acceptance
    if 10 <= kind < 15:
        yield said("rescheduled", accepted + MINUTE, 4, by="client", starts_at=request["starts_at"])
    if 15 <= kind < 20:
        yield said("client_absent", end, 5)
        return
    yield said("completed", end, 5, duration_minutes=minutes)
    if 20 <= kind < 40:
        longer = minutes + 5 * (scattered(number, 9, 9) - 4)
        reason = "longer" if longer > minutes else "shorter"
        data = {"duration_minutes": longer, "reason": reason}
        if 30 <= kind < 35:
            extra = {"label": "windows", "price": {"amount": amount(city, 1, number, False), "currency": city.currency}}
            data |= {"reason": "service_added", "added": [extra]}
        yield said("duration_modified", end + 5 * MINUTE, 6, **data)
        if kind == 39:
            void = {"source": "app/month", "by": "I. Martin", "reason": "meant another mission"}
            at = end + 10 * MINUTE
            yield event("ledger.event_voided", f"{number}/duration_modified", at, 7, f"{number}/void", void)


def amount(city: City, service: int, number: int, fixed: bool) -> str:
    """A price in the city's currency: an hour's, or a whole session's."""
    minor = city.hour + 137 * service + 10 * scattered(number, 10, 60)
    if fixed:
        minor = minor * 2 + scattered(number, 11, 100)
    unit = 10**city.decimals
    return f"{minor // unit}.{minor % unit:0{city.decimals}d}" if city.decimals else str(minor)


def called_off(number: int, pros: int) -> Iterator[Timed]:
    """A mission that bears nothing."""
    at, _, line = next(mission(number, pros))
    document = orjson.loads(line)
    name = f"off-{number:07}"
    yield event(document["type"], name, at, 0, f"off-{number}/requested", document["data"])
    yield event("mission.cancelled", name, at + MINUTE, 1, f"off-{number}/cancelled", {"by": "client"})


def history(lines: int) -> Iterator[bytes]:
    """All events in the order they arrive: by time, but for those that were late."""
    pros = max(1, lines // MISSIONS_OF_A_PRO)
    found: list[Timed] = list(policies())
    for number in range(lines):
        found += mission(number, pros)
        if number % CALLED_OFF_EVERY == 0:
            found += called_off(number, pros)
    found.sort(key=lambda each: each[:2])
    return (line for _, _, line in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="the NDJSON file to write")
    parser.add_argument("--lines", type=int, default=1_000_000, help="billed missions (%(default)s)")
    options = parser.parse_args()
    with options.out.open("wb") as out:
        out.writelines(history(options.lines))


if __name__ == "__main__":
    main()
