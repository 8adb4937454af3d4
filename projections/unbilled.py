"""Why a mission bears no money: what the mission's state alone does not say."""

from __future__ import annotations

from typing import NamedTuple

from ledger.missions.mission import CANCELLED, CLIENT_ABSENT, COMPLETED, PRO_NO_SHOW
from projections.billed_missions import Billed

NO_SHOW, NOT_ACCEPTED, DECLARED_WRONG, NOT_DONE = "no_show", "not_accepted", "declared_wrong", "not_done"
_GIVING = ("mission.completed", "mission.client_absent")
"""What an amount follows from, once somebody has the mission."""


class Because(NamedTuple):
    """Why there is no amount, and the position of the event that says so (0: none does).

    `no_show`: one of the pro counts, at once or as confirmed. `not_accepted`: nobody is known to have done it.
    `declared_wrong`: what gave the amount was voided. `not_done`: the state says it.
    """

    code: str
    position: int = 0


def reason(billed: Billed) -> Because:
    """Why a mission without a line has none (`ledger.billing.workings`)."""
    mission = billed.history.mission
    stint = mission.holder or (mission.stints[-1] if mission.stints else None)
    if stint is not None and stint.adverse == PRO_NO_SHOW and mission.state != CANCELLED:
        return Because(NO_SHOW, stint.confirmed_position or stint.adverse_position)
    if mission.state in (COMPLETED, CLIENT_ABSENT):
        return Because(NOT_ACCEPTED)
    wrong = [position for position in billed.voids if billed.events[position].type in _GIVING]
    if wrong and mission.state != CANCELLED:
        return Because(DECLARED_WRONG, max(wrong))
    return Because(NOT_DONE)
