"""A pro's figures in one city, kept as missions change: counts, and the rated missions in order of completion.

Counts commute and the rated missions are ordered by completion, so figures do not depend on the order of arrival.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from typing import NamedTuple

from ledger.instants import DAY, NEVER
from ledger.missions.mission import NOTHING_ADVERSE, PRO_CANCELLED, PRO_NO_SHOW, Contribution
from ledger.policies.parameters import WINDOW_ALL, WINDOW_DAYS, Parameters
from ledger.rules.figures import RateFigures, RatingFigures


class Movement(NamedTuple):
    """What a change of one mission did to a pro's figures, as far as a rule may react to it."""

    adverse: bool  # a mission newly counts above the line of the cancellation rate
    no_show: bool  # a no-show newly counts
    rating: Contribution | None  # a rating newly counts
    rated_before: int  # missions in the rating window before it, and the sum of their stars
    stars_before: int


STILL = Movement(False, False, None, 0, 0)


class CityFigures:
    """One pro in one city."""

    __slots__ = ("accepted", "cancelled", "late", "missions", "no_shows", "rated", "shown_window")

    def __init__(self) -> None:
        self.accepted = 0
        self.cancelled = 0
        self.no_shows = 0
        self.missions: dict[str, Contribution] = {}
        self.late: dict[str, Contribution] = {}  # of them, those cancelled late
        self.shown_window = 0  # the rating window its projection was last written with
        self.rated: list[Contribution] = []  # sorted: by completion, then mission

    def restore(self, contributions: Iterable[Contribution]) -> None:
        """Set the figures to contributions read from the database."""
        for each in contributions:
            self.missions[each.mission] = each
            self._count(each, 1)
            if each.late:
                self.late[each.mission] = each
            if each.ended_at != NEVER:
                self.rated.append(each)
        self.rated.sort()

    def move(self, before: Contribution | None, after: Contribution | None, window: int) -> Movement:
        """Replace what a mission contributed by what it contributes now. `window`: the rating window's size."""
        rated_before = stars_before = 0
        rating = None
        if before is not None:
            self._count(before, -1)
            self.late.pop(before.mission, None)
        if after is not None:
            self._count(after, 1)
            self.missions[after.mission] = after
            if after.late:
                self.late[after.mission] = after
        elif before is not None:
            del self.missions[before.mission]
        was_rated = before is not None and before.ended_at != NEVER
        is_rated = after is not None and after.ended_at != NEVER
        if (was_rated or is_rated) and before != after:
            recent = self.rated[-window:]
            rated_before, stars_before = len(recent), sum(each.stars for each in recent)
            if was_rated:
                assert before is not None
                del self.rated[bisect_left(self.rated, before)]
            if is_rated:
                assert after is not None
                insort(self.rated, after)
                if not was_rated and (len(self.rated) <= window or after >= self.rated[-window]):
                    rating = after
        adverse_before = before.adverse if before is not None else NOTHING_ADVERSE
        adverse_after = after.adverse if after is not None else NOTHING_ADVERSE
        return Movement(
            adverse_before == NOTHING_ADVERSE and adverse_after != NOTHING_ADVERSE,
            adverse_before != PRO_NO_SHOW and adverse_after == PRO_NO_SHOW,
            rating,
            rated_before,
            stars_before,
        )

    def _count(self, each: Contribution, sign: int) -> None:
        self.accepted += sign
        if each.adverse == PRO_CANCELLED:
            self.cancelled += sign
        elif each.adverse == PRO_NO_SHOW:
            self.no_shows += sign

    def rate_window(self, policy: Parameters, at: int) -> Iterable[Contribution]:
        """The missions the cancellation rate is counted over, as the policy says, at an instant.

        Window `all`: every accepted mission. `days`: those accepted in the days up to `at`. `last_accepted`: the last
        n accepted. With `accepted_and_due`, only missions due or ended by then (against accepting a hundred future
        missions to dilute the rate); one that already counts above the line is always in.
        """
        chosen: Iterable[Contribution] = self.missions.values()
        if policy.cancellation_counts_due_only:
            chosen = [each for each in chosen if each.due_at <= at or each.adverse != NOTHING_ADVERSE]
        if policy.cancellation_window_kind == WINDOW_DAYS:
            since = at - policy.cancellation_window_size * DAY
            return [each for each in chosen if since < each.accepted_at <= at]
        if policy.cancellation_window_kind != WINDOW_ALL:
            ordered = sorted(chosen, key=lambda each: (each.accepted_at, each.mission))
            return ordered[-policy.cancellation_window_size :]
        return chosen

    def rate(self, policy: Parameters, at: int) -> RateFigures:
        """The figures of the cancellation rate at an instant."""
        if policy.cancellation_window_kind == WINDOW_ALL and not policy.cancellation_counts_due_only:
            return RateFigures(self.accepted, self.cancelled, self.no_shows)
        window = list(self.rate_window(policy, at))
        cancelled = sum(each.adverse == PRO_CANCELLED for each in window)
        no_shows = sum(each.adverse == PRO_NO_SHOW for each in window)
        return RateFigures(len(window), cancelled, no_shows)

    def rating(self, policy: Parameters) -> RatingFigures:
        """The figures of the rating window."""
        recent = self.rated[-policy.rating_window :]
        return RatingFigures(len(recent), sum(each.stars for each in recent))

    def late_since(self, since: int, until: int) -> list[Contribution]:
        """The late cancellations in (since, until], in order of time."""
        late = [each for each in self.late.values() if since < each.adverse_at <= until]
        return sorted(late, key=lambda each: each.adverse_at)
