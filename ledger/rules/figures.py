"""The numbers that rules judge, as flat integer records. How they are counted is said where they are counted.

A rule sees nothing else, so its finding can be repeated years later from the figures in the event it wrote.
"""

from __future__ import annotations

from typing import NamedTuple


class RateFigures(NamedTuple):
    """A pro in a city: missions accepted, and of them cancelled or missed; each mission at most once above the line."""

    accepted: int
    cancelled: int
    no_shows: int


class NoShowFigures(NamedTuple):
    """Distinct missions of a pro, in all cities, with a no-show that counts."""

    no_shows: int


class RatingFigures(NamedTuple):
    """A pro in a city: how many missions are in the rating window, and the sum of their stars."""

    rated: int
    stars: int


Figures = RateFigures | NoShowFigures | RatingFigures


class Ladder(NamedTuple):
    """Where a pro stands on a ladder: unexpired warnings, and when the last one was given (NEVER: none)."""

    unexpired: int
    last_at: int


NOTHING, WARN, REMOVE = range(3)
"""What a rule finds: nothing, a warning that is due, or a removal that is due."""
