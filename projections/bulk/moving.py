"""What the moves of flat missions make of their contributions to pros that plain Python judges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy.typing as npt

from ledger.instants import NEVER
from ledger.missions.mission import PRO_CANCELLED, Contribution
from projections.bulk.courses import Courses
from projections.compiled.records import ACCEPTED
from projections.compiled.telling import HELD_AGAINST

Numbers = npt.NDArray[Any]


class Move(NamedTuple):
    """How an event changed what a mission contributes: the fields of `records.MOVE` that say so."""

    kind: int
    at: int
    due_at: int
    ended_at: int
    rating: int
    against: int
    stars: int


_FIELDS = ("kind", "at", "due_at", "ended_at", "city_or_rating", "client_or_beside", "stars")


class Moves:
    """Moves of a stretch, one after the other. `recorded` gives where an event placed somewhere was recorded."""

    def __init__(self, courses: Courses, moves: Numbers, recorded: Callable[[int], int]) -> None:
        book = courses.book
        self._courses = courses
        self._recorded = recorded
        self._moves = map(Move._make, zip(*(moves[name].tolist() for name in _FIELDS), strict=True))
        self._against = book.against[: int(book.counts[HELD_AGAINST]) + 1]
        self._now: dict[int, Contribution | None] = {}

    def next(self, number: int, position: int) -> tuple[Contribution | None, Contribution]:
        """(before, after) of what a mission contributes by its next move, that of the event recorded at a position."""
        old = self._now[number] if number in self._now else self._courses.stood(number)
        new = self._now[number] = self._moved(number, position, old)
        return old, new

    def _moved(self, number: int, position: int, old: Contribution | None) -> Contribution:
        courses, move = self._courses, next(self._moves)
        request = courses.asked[number]
        assert request is not None
        if move.kind == ACCEPTED:
            return Contribution(
                NEVER, courses.ids[number], 0, 0, "", request.city, move.at, position, 0, NEVER, 0, 0, 0, move.due_at,
                "", NEVER, NEVER, NEVER, 0,
            )  # fmt: skip
        assert old is not None
        counts = move.ended_at != NEVER
        new = Contribution(
            move.ended_at, old.mission, move.stars, self._recorded(move.rating) if counts else 0,
            request.client if counts else "", old.city, old.accepted_at, old.accepted_position, 0, NEVER, 0, 0, 0,
            move.due_at, "", NEVER, NEVER, NEVER, 0,
        )  # fmt: skip
        return new if not move.against else self._held_against(new, self._against[move.against], request.series)

    def _held_against(self, new: Contribution, it: Any, series: str) -> Contribution:
        adverse, confirmed = int(it["adverse"]), int(it["confirmed_position"])
        return new._replace(
            adverse=adverse,
            adverse_at=int(it["adverse_at"]),
            adverse_position=self._recorded(int(it["adverse_position"])),
            confirmed_position=self._recorded(confirmed) if confirmed else 0,
            late=int(it["late"]),
            series=series if adverse == PRO_CANCELLED and it["of_series"] >= 0 else "",
            requested_at=int(it["requested_at"]),
            slot_at=int(it["asked_start"]),
            slot_end=int(it["asked_end"]),
            by_cancellation=int(it["by_cancellation"]),
        )
