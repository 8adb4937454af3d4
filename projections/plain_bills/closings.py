"""The local day on which each session ended, and the instant its bill closes, over columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from ledger.instants import HOUR, closing_us, from_us, local_day, zone
from projections.plain_bills.facts import Ints

_HOURS = 1 << 30
"""More hours than there are until the year 9000, so that a zone and an hour make one number."""
_DAYS = 1 << 22


def local_days(at: Ints, zones: Ints, names: Sequence[str]) -> Ints:
    """The calendar day (proleptic ordinal) of each instant in its zone, `zones` being places in `names`.

    A zone is asked once an hour: where the hour begins and ends on one day with one offset, all of it is that day.
    """
    hours, where = np.unique(zones * _HOURS + at // HOUR, return_inverse=True)
    days = np.array([_day_of_hour(int(each) % _HOURS, names[int(each) // _HOURS]) for each in hours], np.int64)
    result: Ints = days[where] if len(days) else np.zeros(0, np.int64)
    for index in np.flatnonzero(result < 0):
        result[index] = local_day(int(at[index]), names[zones[index]]).toordinal()
    return result


def _day_of_hour(hour: int, name: str) -> int:
    """The day of an hour since 1970 in a zone; -1 where it depends on the minute."""
    first = from_us(hour * HOUR).astimezone(zone(name))
    last = (from_us((hour + 1) * HOUR) - timedelta(microseconds=1)).astimezone(zone(name))
    same = first.date() == last.date() and first.utcoffset() == last.utcoffset()
    return first.date().toordinal() if same else -1


def closings(at: Ints, days: Ints, zones: Ints, names: Sequence[str], closes: Ints) -> Ints:
    """The instant at which each bill closes: `ledger.instants.closing_us`, once for each day, zone and rule."""
    _, first, where = np.unique((closes * len(names) + zones) * _DAYS + days, return_index=True, return_inverse=True)
    instants = [closing_us(int(at[each]), names[zones[each]], int(closes[each])) for each in first]
    result: Ints = np.array(instants, np.int64)[where]
    return result
