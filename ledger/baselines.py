"""The baseline of a city, worked out from what its pros accepted and what of that counts against them.

Mila: « Chaque ville a un taux d'annulation maximum, basé sur le taux d'annulation moyen de ses partenaires. » The mean
is pooled: one pro with 1 of 2 and another with 0 of 98 make 1 of 100, not the 25 % that a mean of their rates would be.
Pure arithmetic over integers and fractions; nothing here reads a ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.policies.sections import CityBaseline

DECIMALS = 12  # what an event's rate may have at most, and what rules multiply inside 64-bit integers


class Adverse(NamedTuple):
    """An accepted mission that its pro cancelled unexcused or missed; `series` where the pro ended one with it."""

    mission: str
    series: str


class Share(NamedTuple):
    """What one person (all linked accounts together) accepted in one city, each mission once."""

    city: str
    person: str
    accepted: int
    adverse: Sequence[Adverse]

    @property
    def counted(self) -> int:
        """Missions above the line, each once; those that ended one series count once together."""
        return len({(each.series, "" if each.series else each.mission) for each in self.adverse})


class Pool(NamedTuple):
    """Everybody's missions together. `pros` are persons with at least one accepted mission."""

    pros: int
    accepted: int
    counted: int


class Bounds(NamedTuple):
    """The average and maximum cancellation rate that follow from a pool: shares from 0 to 1 of at most 12 decimals."""

    average: Fraction
    maximum: Fraction


def pooled(shares: Iterable[Share]) -> Pool:
    """Sums over sums. A person in several cities is one pro of the pool."""
    persons: set[str] = set()
    accepted = counted = 0
    for each in shares:
        persons.add(each.person)
        accepted += each.accepted
        counted += each.counted
    return Pool(len(persons), accepted, counted)


def bounds(pool: Pool, terms: CityBaseline) -> Bounds:
    """`maximum = max(max_floor, max_factor × average)`, at most 1. Both are rounded up: doubt benefits the pro.

    The pool must hold an accepted mission.
    """
    assert 0 < pool.accepted >= pool.counted >= 0
    average = _rounded_up(Fraction(pool.counted, pool.accepted))
    maximum = max(Fraction(terms.max_floor), Fraction(terms.max_factor) * average)
    return Bounds(average, min(Fraction(1), _rounded_up(maximum)))


def _rounded_up(value: Fraction) -> Fraction:
    scale = 10**DECIMALS
    return Fraction(-(-value.numerator * scale // value.denominator), scale)


def ratio_text(value: Fraction) -> str:
    """A share or a number of stars as events spell it: `"0.04"`, `"0.041095890411"`; at least two decimals."""
    scaled = value * 10**DECIMALS
    assert scaled.denominator == 1, f"{value} has more than {DECIMALS} decimals"
    whole, rest = divmod(scaled.numerator, 10**DECIMALS)
    return f"{whole}.{f'{rest:012d}'.rstrip('0'):0<2}"
