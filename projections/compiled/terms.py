"""What is in force when and where, as tables of integers: policies, baselines, closing instants, local days.

Every value comes from the ledger's own functions (`Register`, `parameters`, `closing_us`, the zone database); the
compiled code only looks it up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import DAY, EPOCH, closing_of_day, from_us, zone
from ledger.policies.document import Policy
from ledger.policies.parameters import NAMES, parameters
from ledger.policies.register import Register
from projections.compiled.compiling import compiled, rows

Numbers = npt.NDArray[Any]

BEFORE_ALL = -(2**62)
_PROBE = DAY // 4
_CLOSINGS = 3
PARAMETERS = np.dtype([(name, "i8") for name in NAMES], align=True)


VERSION = np.dtype([("since", "i8"), ("policy", "i8")], align=True)
STRETCH = np.dtype([("first", "i8"), ("last", "i8")], align=True)
OFFSET = np.dtype([("since", "i8"), ("offset", "i8")], align=True)


class Terms(NamedTuple):
    """The tables. What was known at some position is a register: a stretch of versions, in the order they take force.

    Few arrays, as each is seven machine words wherever it is handed on.
    """

    rows: Numbers  # PARAMETERS
    row_of: Numbers  # policy × bounds → row
    bounds_of: Numbers  # register × city → bounds: the city, with the baseline known for it
    registers: Numbers  # STRETCH of versions
    versions: Numbers  # VERSION: from when it is in force, and which policy that is
    months: Numbers  # local day → year × 12 + month − 1; the first item is the number of the first day since 1970
    zones: Numbers  # STRETCH of offsets
    offsets: Numbers  # OFFSET: from when, and microseconds ahead of UTC
    closing: Numbers  # zone × way of closing × local day → instant


def nothing() -> Terms:
    """An example of terms, for kernels."""
    of_names = rows(np.int32, 2), rows(np.int32, 2)
    of_instants = rows(np.int64), rows(STRETCH), rows(OFFSET), rows(np.int64, 3)
    return Terms(rows(PARAMETERS), *of_names, rows(STRETCH), rows(VERSION), *of_instants)


class Tables(NamedTuple):
    """The terms, and what their numbers mean."""

    terms: Terms
    policies: list[Policy]


def tables(registers: Sequence[Register], cities: Sequence[str], zones: Sequence[str], span: tuple[int, int]) -> Tables:
    """The tables for registers in the order they became known. `span`: the earliest and latest instant to look up."""
    policies: list[Policy] = []
    for register in registers:
        policies += [each for _, each in register.versions() if each not in policies]
    versions: list[tuple[int, int]] = []
    stretches: list[tuple[int, int]] = []
    for register in registers:
        dated = [(BEFORE_ALL if since is None else since, policies.index(each)) for since, each in register.versions()]
        stretches.append((len(versions), len(versions) + len(dated)))
        versions += dated
    bounds, bounds_of = _bounds(registers, [*cities, ""])
    rows = [parameters(policy, city, baseline).values() for policy in policies for city, baseline in bounds]
    days, day_zero = _days(span)
    of_zones, offsets = _zones(zones, span)
    terms = Terms(
        rows=np.array(rows, dtype=np.int64).view(PARAMETERS).reshape(-1),
        row_of=np.arange(len(rows), dtype=np.int32).reshape(len(policies), len(bounds)),
        bounds_of=bounds_of,
        registers=np.array(stretches, STRETCH),
        versions=np.array(versions, VERSION),
        months=np.array([day_zero, *(each.year * 12 + each.month - 1 for each in days)], np.int64),
        zones=np.array(of_zones, STRETCH),
        offsets=np.array(offsets, OFFSET),
        closing=_closings(zones, days),
    )
    return Tables(terms, policies)


def _bounds(registers: Sequence[Register], cities: Sequence[str]) -> tuple[list[tuple[str, Any]], Numbers]:
    """Every (city, baseline) there is, and which of them each register has for each city."""
    known: dict[tuple[str, int | None], int] = {}
    bounds: list[tuple[str, Any]] = []
    table = np.empty((len(registers), len(cities)), np.int32)
    for number, register in enumerate(registers):
        for place, city in enumerate(cities):
            baseline = register.baseline(city)
            key = city, baseline.position if baseline is not None else None
            if key not in known:
                known[key] = len(bounds)
                bounds.append((city, baseline))
            table[number, place] = known[key]
    return bounds, table


def _days(span: tuple[int, int]) -> tuple[list[Any], int]:
    """The local days that any instant of the span may lie on, in any zone, and the number of the first since 1970."""
    first, last = (from_us(at).date() for at in span)
    first, last = first - timedelta(days=2), last + timedelta(days=2)
    return [first + timedelta(days=each) for each in range((last - first).days + 1)], (first - EPOCH.date()).days


def _zones(zones: Sequence[str], span: tuple[int, int]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The stretch of offsets of each zone, and the offsets."""
    stretches: list[tuple[int, int]] = []
    offsets: list[tuple[int, int]] = []
    for name in zones:
        of_zone = _offsets(name, span[0] - 2 * DAY, span[1] + 2 * DAY)
        stretches.append((len(offsets), len(offsets) + len(of_zone)))
        offsets += of_zone
    return stretches, offsets


def _offsets(name: str, begin: int, end: int) -> list[tuple[int, int]]:
    """(from when, microseconds ahead of UTC), found by asking the zone; no zone changes twice within six hours."""
    spans = [(BEFORE_ALL, _offset(name, begin))]
    for at in range(begin, end, _PROBE):
        later = _offset(name, at + _PROBE)
        if later != spans[-1][1]:
            inside = range(at, at + _PROBE + 1)
            spans.append((inside[bisect_right(inside, False, key=lambda each: _offset(name, each) == later)], later))
    return spans


def _offset(name: str, at: int) -> int:
    offset = from_us(at).astimezone(zone(name)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _closings(zones: Sequence[str], days: Sequence[Any]) -> Numbers:
    instants = [[[closing_of_day(day, name, way) for day in days] for way in range(_CLOSINGS)] for name in zones]
    return np.array(instants, np.int64).reshape(len(zones), _CLOSINGS, len(days))


# -- looked up by machine code ----------------------------------------------------------------------------------


@compiled
def last_since(spans: Numbers, low: int, high: int, at: int) -> int:
    """Of the spans from `low` to before `high`, each with its beginning, the one that an instant lies in."""
    while high - low > 1:
        middle = (low + high) // 2
        if spans[middle].since <= at:
            low = middle
        else:
            high = middle
    return low


@compiled
def version_at(terms: Terms, register: int, at: int) -> int:
    """The version in force at an instant: the last one that is in force from then on, or from before."""
    return last_since(terms.versions, terms.registers[register].first, terms.registers[register].last, at)


@compiled
def row_at(terms: Terms, register: int, at: int, city: int) -> int:
    """The row of parameters in force at an instant in a city (−1: in none)."""
    policy = terms.versions[version_at(terms, register, at)].policy
    return terms.row_of[policy, terms.bounds_of[register, city]]  # type: ignore[no-any-return]


@compiled
def local_day(terms: Terms, zone: int, at: int) -> int:
    """The local day of an instant as a place in the tables of days."""
    low = last_since(terms.offsets, terms.zones[zone].first, terms.zones[zone].last, at)
    return (at + terms.offsets[low].offset) // DAY - terms.months[0]  # type: ignore[no-any-return]


@compiled
def month_of(terms: Terms, zone: int, at: int) -> int:
    """The local month of an instant: year × 12 + month − 1."""
    return terms.months[local_day(terms, zone, at) + 1]  # type: ignore[no-any-return]


@compiled
def closes_at(terms: Terms, zone: int, at: int, way: int) -> int:
    """The instant a bill closes whose session ended at an instant."""
    return terms.closing[zone, way, local_day(terms, zone, at)]  # type: ignore[no-any-return]
