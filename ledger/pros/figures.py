"""A pro's figures in one city, kept as missions change: counts, and the rated missions in order of completion.

Counts commute, acceptances are ordered by time and the rated missions by completion, so figures do not depend on the
order of arrival. Acceptances are kept as plain integers: a history of millions of missions must stay small.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from ledger.instants import DAY, NEVER, SECOND
from ledger.missions.mission import NOTHING_ADVERSE, PRO_NO_SHOW, RATED_FIELDS, Contribution
from ledger.policies.parameters import WINDOW_ALL, WINDOW_DAYS, Parameters
from ledger.rules.figures import LateFigures, NegativeFigures, RateFigures, RatingFigures


class Rated(NamedTuple):
    """A mission with a rating that counts; the first fields of its `Contribution`, in whose order it sorts."""

    ended_at: int
    mission: str
    stars: int
    rated_position: int
    client: str


class Movement(NamedTuple):
    """What a change of one mission did to a pro's figures, as far as a rule may react to it."""

    adverse: bool  # a mission newly counts above the line of the cancellation rate
    no_show: bool  # a no-show newly counts
    late: bool  # a late cancellation newly counts
    rating: int  # the stars of a rating that newly counts, 0 for none
    place: int  # of its mission among the rated ones: 1 is the one completed last
    rated_before: int  # missions in the rating window before it, and the sum of their stars
    stars_before: int


STILL = Movement(False, False, False, 0, 0, 0, 0)


class CityFigures:
    """One pro in one city. The three arrays are parallel, one item an accepted mission, in order of acceptance."""

    __slots__ = (
        "accepted_at",
        "accepted_positions",
        "adverse",
        "cancelled",
        "due",
        "due_at",
        "no_shows",
        "rated",
        "series",
        "shown",
    )

    def __init__(self) -> None:
        self.accepted_at = array("q")
        self.accepted_positions = array("q")
        self.due_at = array("q")
        self.due = array("q")  # the same instants as `due_at`, sorted
        self.adverse: dict[int, Contribution] = {}  # accepted position → a mission that counts above the line
        self.series: dict[str, int] = {}  # series ended by the pro → how many of its missions that took away
        self.cancelled = 0
        self.no_shows = 0
        self.rated: list[Rated] = []  # sorted
        self.shown = (0, 0)  # the rating window and the late cancellations its projection was last written with

    @property
    def accepted(self) -> int:
        """How many missions were accepted."""
        return len(self.accepted_positions)

    # -- counting -----------------------------------------------------------------------------------------------

    def restore(self, contributions: Iterable[Contribution]) -> None:
        """Set the figures to contributions read from the database."""
        for each in sorted(contributions, key=lambda each: (each.accepted_at, each.accepted_position)):
            self._add(each)
            if each.ended_at != NEVER:
                self.rated.append(Rated._make(each[:RATED_FIELDS]))
        self.rated.sort()

    def move(self, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        """Replace what a mission contributed by what it contributes now. `window`: the rating window's size."""
        adverse_before = adverse_after = NOTHING_ADVERSE
        late_before = late_after = 0
        if before is not None:
            adverse_before, late_before = before.adverse, before.late
        if after is not None:
            adverse_after, late_after = after.adverse, after.late
        counted = self.cancelled + self.no_shows
        # Of a series that ended only one can be late, and a no-show that turns out to be none accuses nobody anew.
        late = late_after > late_before and adverse_before != PRO_NO_SHOW and not self._late_in(after)
        if before is None or after is None or before[RATED_FIELDS + 1 :] != after[RATED_FIELDS + 1 :]:
            if before is not None:
                self._remove(before)
            if after is not None:
                self._add(after)
        elif after.adverse != NOTHING_ADVERSE:
            self.adverse[after.accepted_position] = after
        was = Rated._make(before[:RATED_FIELDS]) if before is not None and before.ended_at != NEVER else None
        now = Rated._make(after[:RATED_FIELDS]) if after is not None and after.ended_at != NEVER else None
        rating = self._move_rating(was, now, window) if was != now else (0, 0, 0, 0)
        # Further missions of a series that is counted already change nothing.
        more = adverse_before == NOTHING_ADVERSE != adverse_after and self.cancelled + self.no_shows > counted
        return Movement(
            more,
            adverse_before != PRO_NO_SHOW and adverse_after == PRO_NO_SHOW,
            late,
            *rating,
        )

    def _late_in(self, each: Contribution | None) -> bool:
        """Whether a late cancellation of the series that this mission ended is counted already."""
        if each is None or not each.series:
            return False
        return any(other.late and other.series == each.series for other in self.adverse.values())

    def _move_rating(self, was: Rated | None, now: Rated | None, window: int) -> tuple[int, int, int, int]:
        """The stars and the place of a rating that newly counts, and the window before: missions, sum of stars."""
        recent = self.rated[-window:]
        stars = place = 0
        if was is not None:
            del self.rated[bisect_left(self.rated, was)]
        if now is not None:
            insort(self.rated, now)
            if was is None:
                stars, place = now.stars, len(self.rated) - bisect_left(self.rated, now)
        return stars, place, len(recent), sum(each.stars for each in recent)

    def _add(self, each: Contribution) -> None:
        at, position = each.accepted_at, each.accepted_position
        index = len(self.accepted_at)
        if index and (at, position) <= (self.accepted_at[-1], self.accepted_positions[-1]):
            index = self._place(at, position)
        self.accepted_at.insert(index, at)
        self.accepted_positions.insert(index, position)
        self.due_at.insert(index, each.due_at)
        insort(self.due, each.due_at)
        if each.adverse != NOTHING_ADVERSE:
            self.adverse[position] = each
            self._count(each, 1)

    def _remove(self, each: Contribution) -> None:
        index = self._place(each.accepted_at, each.accepted_position)
        for values in (self.accepted_positions, self.accepted_at, self.due_at):
            del values[index]
        del self.due[bisect_left(self.due, each.due_at)]
        if each.adverse != NOTHING_ADVERSE:
            del self.adverse[each.accepted_position]
            self._count(each, -1)

    def _place(self, at: int, position: int) -> int:
        """Where an acceptance stands, or belongs, in the order of time and then position."""
        index = bisect_left(self.accepted_at, at)
        while index < len(self.accepted_at) and (self.accepted_at[index], self.accepted_positions[index]) < (
            at,
            position,
        ):
            index += 1
        return index

    def _count(self, each: Contribution, sign: int) -> None:
        if each.adverse == PRO_NO_SHOW:
            self.no_shows += sign
            return
        if each.series:
            missions = self.series[each.series] = self.series.get(each.series, 0) + sign
            if missions == 0:
                del self.series[each.series]
            if missions != max(sign, 0):  # neither the first to count nor the last to go
                return
        self.cancelled += sign

    # -- what is asked ------------------------------------------------------------------------------------------

    def rate_window(self, policy: Parameters, at: int) -> Sequence[int]:
        """The acceptances (positions) the cancellation rate is counted over, as the policy says, at an instant.

        Window `all`: every accepted mission. `days`: those accepted in the days up to `at`. `last_accepted`: the last
        n accepted. With `accepted_and_due`, only missions due or ended by then (against accepting a hundred future
        missions to dilute the rate); one that already counts above the line is always in.
        """
        first, last = 0, len(self.accepted_at)
        if policy.cancellation_window_kind == WINDOW_DAYS:
            first = bisect_right(self.accepted_at, at - policy.cancellation_window_size * DAY)
            last = bisect_right(self.accepted_at, at)
        if not policy.cancellation_counts_due_only:
            if policy.cancellation_window_kind not in (WINDOW_ALL, WINDOW_DAYS):
                first = max(0, last - policy.cancellation_window_size)
            return self.accepted_positions[first:last]
        positions, due_at, adverse = self.accepted_positions, self.due_at, self.adverse
        due = (
            positions[index]
            for index in range(last - 1, first - 1, -1)
            if due_at[index] <= at or positions[index] in adverse
        )
        if policy.cancellation_window_kind not in (WINDOW_ALL, WINDOW_DAYS):
            due = islice(due, policy.cancellation_window_size)  # type: ignore[assignment]
        return array("q", due)[::-1]

    def rate(self, policy: Parameters, at: int) -> RateFigures:
        """The figures of the cancellation rate at an instant."""
        if policy.cancellation_window_kind == WINDOW_ALL:
            if not policy.cancellation_counts_due_only:
                return RateFigures(self.accepted, self.cancelled, self.no_shows)
            ahead = sum(each.due_at > at for each in self.adverse.values())
            return RateFigures(bisect_right(self.due, at) + ahead, self.cancelled, self.no_shows)
        window = self.rate_window(policy, at)
        counted = self.above_the_line(window)
        missed = sum(each.adverse == PRO_NO_SHOW for each in counted)
        return RateFigures(len(window), len(counted) - missed, missed)

    def above_the_line(self, window: Sequence[int]) -> list[Contribution]:
        """The missions of a window that count as cancelled or missed, of each ended series the first, in order."""
        if len(window) == self.accepted:
            inside = list(self.adverse.values())
        else:
            chosen = set(window) if len(window) > len(self.adverse) else window
            inside = [each for position, each in self.adverse.items() if position in chosen]
        return _each_series_once(inside)

    def late(self, policy: Parameters, at: int, since: int) -> list[Contribution]:
        """The missions cancelled late in the policy's window up to an instant and after `since`, in order of time."""
        first = max(at - policy.late_window_seconds * SECOND, since)
        return _each_series_once(
            [each for each in self.adverse.values() if each.late and first < each.adverse_at <= at]
        )

    def late_figures(self, policy: Parameters, at: int, since: int) -> LateFigures:
        """How many those are."""
        return LateFigures(len(self.late(policy, at, since)))

    def rating(self, policy: Parameters) -> RatingFigures:
        """The figures of the rating window."""
        recent = self.rated[-policy.rating_window :]
        return RatingFigures(len(recent), sum(each.stars for each in recent))

    def negative(self, policy: Parameters) -> list[Rated]:
        """The negative ratings of the last rated missions, of each client the last."""
        by_client = {
            each.client: each
            for each in self.rated[-policy.negative_window :]
            if each.stars <= policy.negative_max_stars
        }
        return list(by_client.values())

    def negative_figures(self, policy: Parameters) -> NegativeFigures:
        """From how many clients those are, and of how many rated missions."""
        return NegativeFigures(len(self.negative(policy)), len(self.rated[-policy.negative_window :]))


def _each_series_once(missions: list[Contribution]) -> list[Contribution]:
    """In order of time; of a series that the pro ended only its first mission."""
    counted: dict[str, Contribution] = {}
    for each in sorted(missions, key=lambda each: (each.adverse_at, each.adverse_position)):
        counted.setdefault(f"series {each.series}" if each.series else f"mission {each.mission}", each)
    return list(counted.values())
