"""What a mission contributes to its pro's figures, written down as moves: `ledger.missions.mission.Contribution`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ledger.instants import MINUTE, NEVER
from ledger.missions.mission import CANCELLED as OFF
from ledger.missions.mission import CLIENT_ABSENT as ABSENT
from ledger.missions.mission import COMPLETED as DONE
from ledger.missions.mission import NOTHING_ADVERSE, PRO_CANCELLED, PRO_NO_SHOW
from projections.compiled.compiling import compiled
from projections.compiled.records import ACCEPTED, CHANGED

Record = Any


@compiled
def due_at(m: Record) -> int:
    """When the mission is due or ended, the earlier."""
    ended = m.state in (DONE, OFF, ABSENT)
    return min(m.starts_at, m.state_at) if ended else m.starts_at  # type: ignore[no-any-return]


@compiled
def accepted(move: Record, m: Record) -> None:
    """Write down what a mission contributes from its acceptance on."""
    move.kind, move.ordinal, move.city_or_rating, move.client_or_beside = ACCEPTED, m.ordinal, m.city, m.client
    move.due_at, move.ended_at, move.stars = due_at(m), NEVER, 0


@compiled
def changed(move: Record, m: Record, against: int) -> None:
    """Write down what a mission contributes as it stands. `against`: the number of its record there."""
    counts = rating_counts(m)
    move.kind, move.ordinal, move.due_at, move.client_or_beside = CHANGED, m.ordinal, due_at(m), against
    move.ended_at = m.state_at if counts else NEVER
    move.stars = m.stars if counts else 0
    move.city_or_rating = m.rated_position if counts else 0


CONTRIBUTED = np.dtype(
    [
        ("ended_at", "i8"),
        ("accepted_at", "i8"),
        ("due_at", "i8"),
        ("adverse_at", "i8"),
        ("requested_at", "i8"),
        ("asked_start", "i8"),
        ("asked_end", "i8"),
        ("accepted_position", "i4"),
        ("rated_position", "i4"),
        ("adverse_position", "i4"),
        ("confirmed_position", "i4"),
        ("of_series", "i4"),  # as in AGAINST
        ("pro", "i4"),  # -1: it contributes nothing to anybody
        ("stars", "i1"),
        ("adverse", "i1"),
        ("late", "i1"),
        ("by_cancellation", "i1"),
    ],
    align=True,
)
"""What a mission contributes to its pro, its names apart: `ledger.missions.mission.Contribution`."""


@compiled
def contributed(c: Record, m: Record, more: Record) -> None:
    """Write down all of what a mission contributes as it stands. `more` is its record of LATER."""
    c.pro = m.pro if m.known else -1
    c.accepted_at, c.accepted_position, c.due_at = m.accepted_at, m.accepted_position, due_at(m)
    counts = rating_counts(m)
    c.ended_at = m.state_at if counts else NEVER
    c.stars, c.rated_position = (m.stars, m.rated_position) if counts else (0, 0)
    if m.adverse != NOTHING_ADVERSE:
        hold_against(c, m, more)
        return
    c.adverse, c.adverse_at, c.requested_at, c.asked_start, c.asked_end = NOTHING_ADVERSE, NEVER, NEVER, NEVER, NEVER
    c.adverse_position, c.confirmed_position, c.late, c.by_cancellation, c.of_series = 0, 0, 0, 0, -1


@compiled
def rating_counts(m: Record) -> bool:
    """Whether a mission's rating counts."""
    return m.rating_counts and m.state == DONE and m.held and m.adverse != PRO_NO_SHOW  # type: ignore[no-any-return]


@compiled
def hold_against(it: Record, m: Record, more: Record) -> None:
    """Write down what a mission has against its pro, in a record of AGAINST or of CONTRIBUTED."""
    it.adverse, it.adverse_at, it.adverse_position = m.adverse, more.adverse_at, more.adverse_position
    it.confirmed_position, it.late, it.by_cancellation = more.confirmed_position, more.late, more.by_cancellation
    it.of_series = m.series if more.of_series and m.adverse == PRO_CANCELLED else -1
    it.requested_at, it.asked_start = m.requested_at, more.asked_start
    it.asked_end = more.asked_start + m.asked_minutes * MINUTE
