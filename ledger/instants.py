"""Instants as integers: microseconds since 1970-01-01T00:00:00Z, and their RFC 3339 spelling.

Rules and figures only ever see these integers, so that no rule depends on a clock, a zone or a float.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_UTC = datetime(1970, 1, 1)  # noqa: DTZ001  without its zone isoformat() writes none, and is ten times strftime()
NEVER = -1  # an instant that is not known; 1970 itself is before any mission

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware datetime."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def parse_us(text: str) -> int:
    """Microseconds since 1970 of an RFC 3339 text with an offset (already validated); finer digits are cut."""
    return to_us(datetime.fromisoformat(text.upper()))


def from_us(at: int) -> datetime:
    """The UTC datetime of an instant."""
    return EPOCH + timedelta(microseconds=at)


def to_text(at: int) -> str:
    """RFC 3339 in UTC; fractions only where there are any: `2026-03-02T08:00:00Z`."""
    return f"{(_EPOCH_UTC + timedelta(microseconds=at)).isoformat()}Z"


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; KeyError or ValueError when there is none."""
    return ZoneInfo(name)


CLOSES_END_OF_NEXT_LOCAL_DAY = 0
CLOSES_END_OF_SAME_LOCAL_DAY = 1
CLOSES_NOON_NEXT_LOCAL_DAY = 2


def closing_us(ended_at: int, timezone: str, closes: int) -> int:
    """The instant a mission's billing closes, in the zone of the mission.

    Seed Wecasa 4: « juste après la session – au plus tard le lendemain. Passé ce délai, la facturation est clôturée. »
    The limit is half-open: at this instant the bill is closed. The day is the local day on which the session *ended*,
    so a session over midnight gets the whole day after; days of 23 and 25 hours follow from the zone.
    """
    return closing_of_day(local_day(ended_at, timezone), timezone, closes)


@lru_cache(maxsize=1024)
def local_day(at: int, timezone: str) -> date:
    """The calendar day of an instant in a zone."""
    return from_us(at).astimezone(zone(timezone)).date()


@lru_cache(maxsize=4096)
def closing_of_day(ended: date, timezone: str, closes: int) -> int:
    """The instant at which the bills of the sessions close that ended on a local day."""
    day = ended + timedelta(days=2 if closes == CLOSES_END_OF_NEXT_LOCAL_DAY else 1)
    hour = 12 if closes == CLOSES_NOON_NEXT_LOCAL_DAY else 0
    return to_us(datetime(day.year, day.month, day.day, hour, tzinfo=zone(timezone)))


def month_text(months: int) -> str:
    """The month that is year × 12 + month − 1: `2026-03`."""
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
