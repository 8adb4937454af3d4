"""A pro's figures in one city, kept as missions change: counts, and the rated missions in order of completion.

Counts commute, acceptances are ordered by time and the rated missions by completion, so figures do not depend on the
order of arrival. Acceptances are kept as plain integers: a history of millions of missions must stay small.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
    """One pro in one city. The arrays hold one item an accepted mission: two of them in order of acceptance, three in

    the order in which the missions are due. Both orders are of time and then of position.
    """

    __slots__ = (
        "accepted_at",
        "accepted_positions",
        "adverse",
        "cancelled",
        "due_accepted_at",
        "due_at",
        "due_positions",
        "no_shows",
        "rated",
        "series",
        "shown",
        "window",
    )

    def __init__(self) -> None:
        self.accepted_at = array("q")
        self.accepted_positions = array("q")
        self.due_at = array("q")
        self.due_positions = array("q")
        self.due_accepted_at = array("q")
        self.adverse: dict[int, Contribution] = {}  # accepted position → a mission that counts above the line
        self.series: dict[str, int] = {}  # series ended by the pro → how many of its missions that took away
        self.cancelled = 0
        self.no_shows = 0
        self.rated: list[Rated] = []  # sorted
        self.window = (0, 0)  # of so many rated missions that were completed last, the sum of the stars
        self.shown: tuple[Any, ...] = (0, 0)  # the figures its projection was last written with

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
        self.window = (0, 0)

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
        rated = self.rated
        count, total = self._recent(window)
        if was is None and now is not None and (not rated or rated[-1] < now):  # nearly always
            gone = rated[-window].stars if count == window else 0
            rated.append(now)
            self.window = (window, total + now.stars - gone)
            return now.stars, 1, count, total
        self.window = (0, 0)
        stars = place = 0
        if was is not None:
            del rated[bisect_left(rated, was)]
        if now is not None:
            insort(rated, now)
            if was is None:
                stars, place = now.stars, len(rated) - bisect_left(rated, now)
        return stars, place, count, total

    def _recent(self, window: int) -> tuple[int, int]:
        """How many rated missions a window of this size holds, and the sum of their stars."""
        if self.window[0] != window:
            self.window = (window, sum([each.stars for each in self.rated[-window:]]))
        return min(len(self.rated), window), self.window[1]

    def _add(self, each: Contribution) -> None:
        position = each.accepted_position
        index = _place(self.accepted_at, self.accepted_positions, each.accepted_at, position)
        self.accepted_at.insert(index, each.accepted_at)
        self.accepted_positions.insert(index, position)
        index = _place(self.due_at, self.due_positions, each.due_at, position)
        self.due_at.insert(index, each.due_at)
        self.due_positions.insert(index, position)
        self.due_accepted_at.insert(index, each.accepted_at)
        if each.adverse != NOTHING_ADVERSE:
            self.adverse[position] = each
            self._count(each, 1)

    def _remove(self, each: Contribution) -> None:
        position = each.accepted_position
        index = _place(self.accepted_at, self.accepted_positions, each.accepted_at, position)
        del self.accepted_at[index], self.accepted_positions[index]
        index = _place(self.due_at, self.due_positions, each.due_at, position)
        del self.due_at[index], self.due_positions[index], self.due_accepted_at[index]
        if each.adverse != NOTHING_ADVERSE:
            del self.adverse[position]
            self._count(each, -1)

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
        first, last, ahead = self._span(policy, at)
        window = self.accepted_positions[first:last]
        return array("q", (each for each in window if each not in ahead)) if ahead else window

    def _span(self, policy: Parameters, at: int) -> tuple[int, int, set[int]]:
        """The window as a span of the acceptances, and those in it (positions) that do not count as they lie ahead."""
        kind, size = policy.cancellation_window_kind, policy.cancellation_window_size
        accepted, first, last = self.accepted_at, 0, self.accepted
        ahead = self._ahead(at) if policy.cancellation_counts_due_only else []
        if kind == WINDOW_DAYS:
            since = at - size * DAY
            first, last = bisect_right(accepted, since), bisect_right(accepted, at)
            ahead = [each for each in ahead if since < each[0] <= at]
        elif kind != WINDOW_ALL:
            first = max(0, last - size)
            ahead.sort(reverse=True)
            for number, each in enumerate(ahead):
                if _place(accepted, self.accepted_positions, *each) < first:
                    del ahead[number:]
                    break
                first = max(0, first - 1)
        return first, last, {position for _, position in ahead}

    def _ahead(self, at: int) -> list[tuple[int, int]]:
        """The missions that are not due at an instant nor above the line: when each was accepted, and its position."""
        first = bisect_right(self.due_at, at)
        later = zip(self.due_accepted_at[first:], self.due_positions[first:], strict=True)
        return [each for each in later if each[1] not in self.adverse]

    def rate(self, policy: Parameters, at: int) -> RateFigures:
        """The figures of the cancellation rate at an instant."""
        if policy.cancellation_window_kind == WINDOW_ALL:
            if not policy.cancellation_counts_due_only:
                return RateFigures(self.accepted, self.cancelled, self.no_shows)
            above = sum(each.due_at > at for each in self.adverse.values())
            return RateFigures(bisect_right(self.due_at, at) + above, self.cancelled, self.no_shows)
        first, last, ahead = self._span(policy, at)
        inside = self._within(first, last)
        counted = len(_each_series_once(inside)) if self.series else len(inside)
        missed = sum(each.adverse == PRO_NO_SHOW for each in inside)
        return RateFigures(last - first - len(ahead), counted - missed, missed)

    def _within(self, first: int, last: int) -> list[Contribution]:
        """The missions above the line in a span of the acceptances."""
        if first >= last:
            return []
        low = self.accepted_at[first], self.accepted_positions[first]
        high = self.accepted_at[last - 1], self.accepted_positions[last - 1]
        return [each for each in self.adverse.values() if low <= (each.accepted_at, each.accepted_position) <= high]

    def above_the_line(self, window: Sequence[int]) -> list[Contribution]:
        """The missions of a window that count as cancelled or missed, of each ended series the first, in order."""
        chosen = set(window)
        return _each_series_once([each for position, each in self.adverse.items() if position in chosen])

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
        return RatingFigures(*self._recent(policy.rating_window))

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


def _place(instants: array[int], positions: array[int], at: int, position: int) -> int:
    """Where an item stands, or belongs, in parallel arrays in order of an instant and then of position."""
    if not instants or instants[-1] < at:  # nearly always: things are told in order
        return len(instants)
    first = bisect_left(instants, at)
    return bisect_left(positions, position, first, bisect_right(instants, at, first))


def _each_series_once(missions: list[Contribution]) -> list[Contribution]:
    """In order of time; of a series that the pro ended only its first mission."""
    if len(missions) < 2:
        return missions
    counted: dict[str, Contribution] = {}
    for each in sorted(missions, key=lambda each: (each.adverse_at, each.adverse_position)):
        counted.setdefault(f"series {each.series}" if each.series else f"mission {each.mission}", each)
    return list(counted.values())
