"""The events behind a mission that counts against its pro."""

from __future__ import annotations

from ledger.missions.mission import Contribution


def adverse_positions(each: Contribution) -> tuple[int, ...]:
    """What cancelled or missed the mission, and the confirmation by a person where there is one."""
    if each.confirmed_position:
        return each.adverse_position, each.confirmed_position
    return (each.adverse_position,)
