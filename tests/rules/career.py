"""Careers: many missions of a pro, for rules that count. Each mission has its own client and its own day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from missions.kit import Document, accepted, cancelled, completed, event, no_show, rated, requested

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def day(number: float, *, seconds: int = 0) -> str:
    """The instant that many days after 5 January 2026, 09:00 UTC."""
    return (START + timedelta(days=number, seconds=seconds)).isoformat().replace("+00:00", "Z")


def name(pro: str, number: int) -> str:
    return f"m-{pro}-{number}"


def agreed(pro: str, count: int, *, first: int = 0, at: float = -3, city: str = "lyon", **more: Any) -> list[Document]:
    """Missions accepted on a day, all due on day 500."""
    documents: list[Document] = []
    for number in range(first, first + count):
        mission = name(pro, number)
        documents += [
            requested(mission, day(at - 1, seconds=number), city=city, starts_at=day(500), **more),
            accepted(mission, pro, day(at, seconds=number)),
        ]
    return documents


def called_off(pro: str, number: int, at: str) -> Document:
    """The pro cancels one of them, long before its start."""
    return cancelled(name(pro, number), at)


def missed(pro: str, number: int, at: str = "2026-03-10 09:30", city: str = "lyon") -> list[Document]:
    """A mission of its own that the pro accepted and did not come to; it started half an hour before `at`."""
    mission = f"missed-{pro}-{number}"
    return [requested(mission, city=city), accepted(mission, pro), no_show(mission, at)]


def given_stars(
    pro: str, stars: list[int], *, first: int = 0, at: float = 0, city: str = "lyon", **more: Any
) -> list[Document]:
    """Missions done and rated, one a day from day `at` on: completed at noon, rated an hour later."""
    documents: list[Document] = []
    for number, each in enumerate(stars):
        mission, morning = f"r-{pro}-{first + number}", at + number
        documents += [
            requested(mission, day(-30), city=city, starts_at=day(morning), **more),
            accepted(mission, pro, day(-29)),
            completed(mission, day(morning, seconds=7_200)),
            rated(mission, each, day(morning, seconds=10_800)),
        ]
    return documents


def fives_and_fours(count: int, total: int) -> list[int]:
    """`count` ratings of 4 and 5 that sum to `total`, the fives first (so that each is at least the mean before)."""
    fives = total - 4 * count
    assert 0 <= fives <= count
    return [4] * (count - fives) + [5] * fives


def dropped(
    pro: str, number: int, at: float, *, hours: float = 1, seconds: int = 0, city: str = "lyon", **data: Any
) -> list[Document]:
    """A mission of its own that the pro cancels at an instant, so many hours before its start."""
    mission = f"d-{pro}-{number}"
    return [
        requested(mission, day(at - 9), city=city, starts_at=day(at, seconds=seconds + round(hours * 3_600))),
        accepted(mission, pro, day(at - 8)),
        cancelled(mission, day(at, seconds=seconds), **data),
    ]


def by_desk(type: str, pro: str, at: str, **data: Any) -> Document:
    """A person's decision about a pro."""
    return event(type, pro, at, source="desk", **{"by": "ines", "reason": "seen", **data})
