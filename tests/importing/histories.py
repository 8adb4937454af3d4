"""Small histories, equal for equal arguments: late arrivals, refusals, duplicates, findings, personal data, voids."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

Document = dict[str, Any]

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
CITIES = (("paris", "Europe/Paris", "EUR"), ("lyon", "Europe/Paris", "EUR"), ("geneve", "Europe/Zurich", "CHF"))
PROS = 9


def event(name: str, subject: str, at: datetime, data: Document, *, id: str, source: str = "app/fr") -> Document:
    """A wire document."""
    time = at.isoformat().replace("+00:00", "Z")
    return {"specversion": "1.0", "id": id, "source": source, "type": name, "subject": subject, "time": time} | {
        "data": data
    }


def requested(mission: str, at: datetime = START, *, id: str = "", city: int = 0, **more: Any) -> Document:
    """A request for a mission that starts three days later."""
    name, timezone, currency = CITIES[city]
    data = {
        "client": "client-1",
        "city": name,
        "service": "cleaning",
        "starts_at": (at + timedelta(days=3)).isoformat(),
        "timezone": timezone,
        "duration_minutes": 90,
        "price": {"amount": "31.50", "currency": currency, "per": "hour"},
    }
    return event("mission.requested", mission, at, data | more, id=id or f"{mission}-requested")


def accepted(mission: str, pro: str, at: datetime = START + timedelta(hours=1), *, id: str = "") -> Document:
    """An acceptance."""
    return event("mission.accepted", mission, at, {"pro": pro}, id=id or f"{mission}-accepted-{pro}")


def history(missions: int = 60, *, seed: int = 1) -> list[Document]:
    """About five events a mission, in order of arrival; a few per cent of them are refused or come twice."""
    chance = Random(seed)
    arrivals: list[tuple[datetime, int, Document]] = []
    for number in range(missions):
        for document, delay in _mission(number, START + timedelta(hours=3 * number), chance):
            arrivals.append((datetime.fromisoformat(document["time"]) + delay, len(arrivals), document))
    return [*_before(), *(document for _, _, document in sorted(arrivals, key=lambda each: each[:2]))]


def _before() -> list[Document]:
    baseline = {"average_cancellation_rate": "0.05", "maximum_cancellation_rate": "0.08", "minimum_rating": "4.30"}
    at = START - timedelta(days=1)
    registered = [
        event(
            "pro.registered", f"pro-{pro}", at, {"name": f"Zoé {pro}", "email": f"{pro}@x.org"}, id=f"registered-{pro}"
        )
        for pro in range(PROS)
    ]
    return [*registered, event("city.baseline_published", "lyon", at, {**baseline, "pros": 12}, id="baseline")]


def _mission(number: int, at: datetime, chance: Random) -> Iterable[tuple[Document, timedelta]]:
    """The events of one mission, each with how long after it happened it arrives."""
    mission, pro = f"m-{number}", f"pro-{number % PROS}"
    other = f"pro-{(number + 1) % PROS}"
    now, later = timedelta(), timedelta(days=chance.choice([0, 0, 0, 4, 9]))
    request = requested(mission, at, city=number % PROS % 3, client=f"client-{number % 31}")
    if number % 5 == 0:
        request["data"]["address"] = f"{number} rue des Lilas"
    if number % 17 == 0:  # arrives before its request: refused, also by a run that goes on after a crash
        yield accepted(mission, other, at, id=f"{mission}-early"), -timedelta(minutes=5)
    yield request, now
    yield accepted(mission, pro, at + timedelta(hours=1)), now
    if number % 7 == 0:  # while another holds it: refused
        yield accepted(mission, other, at + timedelta(hours=2)), now
    if number % 11 == 0:
        yield accepted(mission, pro, at + timedelta(hours=1)), timedelta(days=chance.randrange(1, 8))
    if number % 13 == 0:
        yield event("mission.accepted", mission, at + timedelta(hours=3), {"pro": 7}, id=f"{mission}-wrong"), now
    starts = at + timedelta(days=3)
    fate = chance.random()
    if fate < 0.10:
        cancelled_at = at + timedelta(hours=5)
        yield event("mission.cancelled", mission, cancelled_at, {"by": "pro"}, id=f"{mission}-cancelled"), later
        return
    if fate < 0.14:
        absent = event(
            "mission.no_show", mission, starts + timedelta(hours=1), {"reported_by": "client"}, id=f"{mission}-no"
        )
        yield absent, now
        return
    if fate < 0.20:
        yield event("mission.cancelled", mission, starts, {"by": "client"}, id=f"{mission}-client"), now
        return
    ended = starts + timedelta(minutes=90)
    yield event("mission.completed", mission, ended, {"duration_minutes": 90}, id=f"{mission}-completed"), later
    rating = {"by": "client", "stars": chance.choice([5, 5, 5, 4, 4, 3, 1]), "comment": f"comment on {mission}"}
    yield event("mission.rated", mission, ended + timedelta(hours=2), rating, id=f"{mission}-rated"), now
    if number % 29 == 0:
        data = {"source": "app/fr", "by": "Inès", "reason": "entered for the wrong mission"}
        voided = event(
            "ledger.event_voided", f"{mission}-rated", ended + timedelta(days=10), data, id=f"{mission}-void"
        )
        yield voided, now


def ndjson(documents: Iterable[Document | bytes]) -> bytes:
    """One document a line; bytes are lines as they are."""
    return b"".join(
        (each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()) + b"\n"
        for each in documents
    )


def written(path: Path, documents: Iterable[Document | bytes]) -> Path:
    """The file with these lines."""
    path.write_bytes(ndjson(documents))
    return path
