"""A pro's figures in one city, kept as missions change: counts, and the rated missions in order of completion.

Counts commute and the rated missions are ordered by completion, so figures do not depend on the order of arrival.
Acceptances are kept as plain integers: a history of millions of missions must stay small.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import NamedTuple

from ledger.instants import DAY, NEVER
from ledger.missions.mission import NOTHING_ADVERSE, PRO_CANCELLED, PRO_NO_SHOW, Contribution
from ledger.policies.parameters import WINDOW_ALL, WINDOW_DAYS, Parameters
from ledger.rules.figures import RateFigures, RatingFigures


class Rated(NamedTuple):
    """A mission with a rating that counts; the first fields of its `Contribution`, in whose order it sorts."""

    ended_at: int
    mission: str
    stars: int
    rated_position: int


class Movement(NamedTuple):
    """What a change of one mission did to a pro's figures, as far as a rule may react to it."""

    adverse: bool  # a mission newly counts above the line of the cancellation rate
    no_show: bool  # a no-show newly counts
    rating: int  # the stars of a rating that newly counts, 0 for none
    rated_before: int  # missions in the rating window before it, and the sum of their stars
    stars_before: int


STILL = Movement(False, False, 0, 0, 0)


class CityFigures:
    """One pro in one city. The three arrays are parallel, one item an accepted mission, in order of position."""

    __slots__ = (
        "accepted_at",
        "accepted_positions",
        "adverse",
        "cancelled",
        "due_at",
        "no_shows",
        "rated",
        "shown_window",
    )

    def __init__(self) -> None:
        self.accepted_positions = array("q")
        self.accepted_at = array("q")
        self.due_at = array("q")
        self.adverse: dict[int, Contribution] = {}  # accepted position → a mission that counts above the line
        self.cancelled = 0
        self.no_shows = 0
        self.rated: list[Rated] = []  # sorted
        self.shown_window = 0  # the rating window its projection was last written with

    @property
    def accepted(self) -> int:
        """How many missions were accepted."""
        return len(self.accepted_positions)

    @property
    def late(self) -> list[Contribution]:
        """The missions cancelled late, in order of time."""
        return sorted((each for each in self.adverse.values() if each.late), key=lambda each: each.adverse_at)

    def restore(self, contributions: Iterable[Contribution]) -> None:
        """Set the figures to contributions read from the database."""
        for each in sorted(contributions, key=lambda each: each.accepted_position):
            self._add(each)
            if each.ended_at != NEVER:
                self.rated.append(Rated._make(each[:4]))
        self.rated.sort()

    def move(self, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        """Replace what a mission contributed by what it contributes now. `window`: the rating window's size."""
        adverse_before = adverse_after = NOTHING_ADVERSE
        if before is not None:
            adverse_before = before.adverse
        if after is not None:
            adverse_after = after.adverse
        if before is None or after is None or before[5:] != after[5:]:  # not only the rating changed
            if before is not None:
                self._remove(before)
            if after is not None:
                self._add(after)
        was = Rated._make(before[:4]) if before is not None and before.ended_at != NEVER else None
        now = Rated._make(after[:4]) if after is not None and after.ended_at != NEVER else None
        rated_before, stars_before, rating = self._move_rating(was, now, window) if was != now else (0, 0, 0)
        return Movement(
            adverse_before == NOTHING_ADVERSE and adverse_after != NOTHING_ADVERSE,
            adverse_before != PRO_NO_SHOW and adverse_after == PRO_NO_SHOW,
            rating,
            rated_before,
            stars_before,
        )

    def _move_rating(self, was: Rated | None, now: Rated | None, window: int) -> tuple[int, int, int]:
        """(missions in the window before, the sum of their stars, the stars of a rating that newly counts in it)."""
        recent = self.rated[-window:]
        stars = 0
        if was is not None:
            del self.rated[bisect_left(self.rated, was)]
        if now is not None:
            insort(self.rated, now)
            if was is None and (len(self.rated) <= window or now >= self.rated[-window]):
                stars = now.stars
        return len(recent), sum(each.stars for each in recent), stars

    def _add(self, each: Contribution) -> None:
        positions, position = self.accepted_positions, each.accepted_position
        if not positions or position > positions[-1]:
            positions.append(position)
            self.accepted_at.append(each.accepted_at)
            self.due_at.append(each.due_at)
        else:
            index = bisect_left(positions, position)
            positions.insert(index, position)
            self.accepted_at.insert(index, each.accepted_at)
            self.due_at.insert(index, each.due_at)
        self._count(each, 1)

    def _remove(self, each: Contribution) -> None:
        index = bisect_left(self.accepted_positions, each.accepted_position)
        for values in (self.accepted_positions, self.accepted_at, self.due_at):
            del values[index]
        self._count(each, -1)

    def _count(self, each: Contribution, sign: int) -> None:
        if each.adverse == NOTHING_ADVERSE:
            return
        if sign > 0:
            self.adverse[each.accepted_position] = each
        else:
            del self.adverse[each.accepted_position]
        if each.adverse == PRO_CANCELLED:
            self.cancelled += sign
        else:
            self.no_shows += sign

    def rate_window(self, policy: Parameters, at: int) -> Iterable[int]:
        """The acceptances (positions) the cancellation rate is counted over, as the policy says, at an instant.

        Window `all`: every accepted mission. `days`: those accepted in the days up to `at`. `last_accepted`: the last
        n accepted. With `accepted_and_due`, only missions due or ended by then (against accepting a hundred future
        missions to dilute the rate); one that already counts above the line is always in.
        """
        chosen = zip(self.accepted_positions, self.accepted_at, self.due_at, strict=True)
        if policy.cancellation_counts_due_only:
            chosen = (each for each in chosen if each[2] <= at or each[0] in self.adverse)  # type: ignore[assignment]
        if policy.cancellation_window_kind == WINDOW_DAYS:
            since = at - policy.cancellation_window_size * DAY
            return [position for position, accepted, _ in chosen if since < accepted <= at]
        if policy.cancellation_window_kind != WINDOW_ALL:
            ordered = sorted(chosen, key=lambda each: (each[1], each[0]))
            return [position for position, _, _ in ordered[-policy.cancellation_window_size :]]
        return [position for position, _, _ in chosen]

    def rate(self, policy: Parameters, at: int) -> RateFigures:
        """The figures of the cancellation rate at an instant."""
        if policy.cancellation_window_kind == WINDOW_ALL and not policy.cancellation_counts_due_only:
            return RateFigures(self.accepted, self.cancelled, self.no_shows)
        window = list(self.rate_window(policy, at))
        adverse = [self.adverse[position].adverse for position in window if position in self.adverse]
        return RateFigures(len(window), adverse.count(PRO_CANCELLED), adverse.count(PRO_NO_SHOW))

    def rating(self, policy: Parameters) -> RatingFigures:
        """The figures of the rating window."""
        recent = self.rated[-policy.rating_window :]
        return RatingFigures(len(recent), sum(each.stars for each in recent))
