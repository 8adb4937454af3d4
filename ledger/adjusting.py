"""Whether an adjustment may be made: only to a bill that has closed, in its currency, and never below zero.

Its terms are those that the line had. An adjustment is no fact of the mission, so what was published or withdrawn since
the last fact says nothing about it (contract, section 3: the commission rate is that of the policy at acceptance).
"""

from __future__ import annotations

from ledger.billing import line_of
from ledger.chronicle import Chronicle
from ledger.errors import Refused
from ledger.instants import NEVER, to_text
from ledger.missions import facts
from ledger.missions.adjustments import Adjustment
from ledger.missions.history import MissionHistory
from ledger.missions.mission import CLIENT_ABSENT, Mission
from ledger.money import to_amount
from ledger.policies.register import Register

BEARING = frozenset(
    {
        facts.REQUESTED,
        facts.ACCEPTED,
        facts.RESCHEDULED,
        facts.CLIENT_ABSENT,
        facts.NO_SHOW_CONFIRMED,
        facts.NO_SHOW_REJECTED,
        facts.COMPLETED,
        facts.DURATION_MODIFIED,
    }
)
"""Kinds of facts that touch a mission's line."""


def terms(history: MissionHistory, chronicle: Chronicle) -> Register:
    """The policies that a mission's line is worked out by, also once its bill was adjusted.

    They are those known at the last fact that touched the line, or at the last void of any fact: it follows from the
    log alone, and neither an adjustment nor the void of one moves it.
    """
    position = 0
    for fact in history.facts:
        touched = fact.position if fact.kind in BEARING else 0
        position = max(position, touched, history.voided.get(fact.position, 0))
    return chronicle.at(position)


def check(mission: Mission, change: Adjustment, register: Register, *, judged_at: int) -> None:
    """Refuses `not_eligible`, `invalid_transition`, `currency_mismatch`, `refund_too_large`.

    `register`: the bill's `terms`. `judged_at`: the recording clock, NEVER for an adjustment that is recorded already;
    it was closed then, and older programs took a duration for a price that has none.
    """
    line = line_of(mission, register)
    if line is None:
        raise Refused("not_eligible", f"mission {mission.id} bears no amount; there is nothing to adjust")
    if judged_at != NEVER and judged_at < line.closes_at:
        until = to_text(line.closes_at)
        raise Refused(
            "invalid_transition",
            f"billing of mission {mission.id} is open until {until}: record mission.duration_modified, or adjust later",
            closes_at=until,
        )
    if change.minutes and mission.state == CLIENT_ABSENT:
        text = f"the client of mission {mission.id} was absent: its fee has no duration; give a --refund"
        raise Refused("not_eligible", text)
    request = mission.request
    assert request is not None
    if judged_at != NEVER and change.minutes and not request.per_hour:  # one that is recorded already stays
        text = f"mission {mission.id} is priced for the whole mission: no amount follows its duration; give a --refund"
        raise Refused("invalid_transition", text)
    if change.refund and change.currency != line.currency:
        text = f"mission {mission.id} is billed in {line.currency}, not {change.currency}; refund in that currency"
        raise Refused("currency_mismatch", text)
    if change.refund > line.gross:
        gross = to_amount(line.gross, line.currency)
        text = f"mission {mission.id} is billed at {gross} {line.currency}; a refund is at most that"
        raise Refused("refund_too_large", text, gross=gross, currency=line.currency)
