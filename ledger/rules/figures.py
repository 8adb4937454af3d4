"""The numbers that rules judge, as flat integer records. How they are counted is said where they are counted.

A rule sees nothing else, so its finding can be repeated years later from the figures in the event it wrote.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.money import HALF_UP, rounded


def percent_text(part: int, whole: int) -> str:
    """A share as a percentage with two decimals, half up: 3 of 47 → `6.38`."""
    hundredths = rounded(part * 10_000, whole, HALF_UP)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def mean_text(total: int, count: int) -> str:
    """A mean with two decimals, half up: 229 stars of 50 → `4.58`."""
    hundredths = rounded(total * 100, count, HALF_UP)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


class RateFigures(NamedTuple):
    """A pro in a city: missions accepted, and of them cancelled or missed; each mission at most once above the line."""

    accepted: int
    cancelled: int
    no_shows: int

    def shown(self) -> dict[str, Any]:
        """The quotient as people read it."""
        counted = self.cancelled + self.no_shows
        return {
            "rate": f"{counted}/{self.accepted}",
            "percent": percent_text(counted, self.accepted) if self.accepted else None,
        }


class NoShowFigures(NamedTuple):
    """Distinct missions of a pro, in all cities, with a no-show that counts."""

    no_shows: int

    def shown(self) -> dict[str, Any]:
        """A count is shown as it is."""
        return {}


class RatingFigures(NamedTuple):
    """A pro in a city: how many missions are in the rating window, and the sum of their stars."""

    rated: int
    stars: int

    def shown(self) -> dict[str, Any]:
        """The mean as people read it."""
        return {"mean": mean_text(self.stars, self.rated) if self.rated else None}


class LateFigures(NamedTuple):
    """A pro in a city: missions cancelled late within the policy's window."""

    late: int

    def shown(self) -> dict[str, Any]:
        """A count is shown as it is."""
        return {}


class NegativeFigures(NamedTuple):
    """A pro in a city: how many clients rated badly, and how many of the last rated missions were looked at."""

    clients: int
    rated: int

    def shown(self) -> dict[str, Any]:
        """Counts are shown as they are."""
        return {}


class ConductFigures(NamedTuple):
    """A pro and one ground of conduct: reports that wait for a person, and reports that a person confirmed."""

    reports: int
    confirmed: int

    def shown(self) -> dict[str, Any]:
        """Counts are shown as they are."""
        return {}


class DocumentFigures(NamedTuple):
    """How many kinds of a pro's documents have expired and were not verified again."""

    expired: int

    def shown(self) -> dict[str, Any]:
        """A count is shown as it is."""
        return {}


Figures = RateFigures | NoShowFigures | RatingFigures | LateFigures | NegativeFigures | ConductFigures | DocumentFigures


class Ladder(NamedTuple):
    """Where a pro stands on a ladder: unexpired warnings, and when the last one was given (NEVER: none)."""

    unexpired: int
    last_at: int


NOTHING, WARN, REMOVE = range(3)
"""What a rule finds: nothing, a warning that is due, or a removal that is due."""
