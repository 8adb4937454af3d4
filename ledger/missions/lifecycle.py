"""The life cycle of a mission: what may follow what, one function per event type.

Each function reads like the contract's table: it first refuses what contradicts the mission as it stands, and only
then changes it, so that a refused event leaves no trace. A missing earlier step is not a contradiction: it is kept as
an anomaly and heals when the step arrives (a phone was offline). Pure: no clock, no I/O; the policy comes in.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.instants import NEVER, SECOND
from ledger.missions import refusals as no
from ledger.missions.attendance import (
    checked_in,
    client_absent,
    delayed,
    no_show,
    no_show_confirmed,
    no_show_rejected,
    report_no_show,
)
from ledger.missions.facts import BY_PRO, Fact
from ledger.missions.guards import OK, heal, not_under_way, other_pro
from ledger.missions.mission import (
    CANCELLED,
    CLIENT_ABSENT,
    COMPLETED,
    HELD,
    OPEN,
    Mission,
    Stint,
)
from ledger.missions.session import completed, damage_declared, damage_document_added, duration_modified, rated
from ledger.policies.register import Register

SERIES_ENDED = "series_ended"
"""The reason of a cancellation that ends a recurring order (Wecasa 3: « clients réguliers »)."""


def requested(mission: Mission, fact: Fact, policies: Register) -> int:
    if mission.request is not None:
        return no.ALREADY_REQUESTED
    request = fact.request
    assert request is not None
    mission.request = request
    mission.city = request.city
    mission.timezone = request.timezone
    mission.requested_at = fact.at
    mission.starts_at = mission.judged_start = request.starts_at
    mission.minutes = request.minutes
    return OK


def proposal_lapsed(mission: Mission, fact: Fact, policies: Register) -> int:
    """Refused or expired: never counted (Wecasa 2). The holder can no longer refuse; that would be a cancellation."""
    if mission.holder is not None and mission.holder.pro == fact.pro:
        return no.REFUSED_AFTER_ACCEPTANCE
    return OK


def accepted(mission: Mission, fact: Fact, policies: Register) -> int:
    if mission.state == COMPLETED:
        return no.COMPLETED_ALREADY
    if mission.state in (CANCELLED, CLIENT_ABSENT):
        return no.MISSION_OVER
    if mission.holder is not None:
        return no.ACCEPTED_ALREADY if mission.holder.pro == fact.pro else no.HELD_BY_ANOTHER
    stint = Stint(fact.pro, fact.at, fact.position)
    mission.stints.append(stint)
    mission.holder = stint
    mission.state = HELD
    mission.checked_in_at = NEVER
    mission.judged_start = mission.starts_at  # what another pro moved is not held against this one
    mission.forget_ratings()
    return OK


def rescheduled(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = not_under_way(mission, fact) or other_pro(mission, fact)
    if refusal:
        return refusal
    if fact.by == BY_PRO and mission.holder is None:
        mission.anomalies.append((fact.position, "rescheduled_without_acceptance"))
    if fact.by == BY_PRO or (mission.holder is not None and fact.pro == mission.holder.pro):
        # Moving the start inside the late window does not make a later cancellation timely (domain, row W8).
        threshold = policies.parameters(fact.at, mission.city).late_threshold_seconds * SECOND
        if mission.judged_start - fact.at >= threshold:
            mission.judged_start = fact.when
    else:
        mission.judged_start = fact.when
    mission.starts_at = fact.when
    if fact.minutes:
        mission.minutes = fact.minutes
    return OK


def cancelled(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = not_under_way(mission, fact) or other_pro(mission, fact)
    if refusal:
        return refusal
    if fact.by != BY_PRO:
        mission.state = CANCELLED
        mission.state_at = fact.at
        return OK
    stint = mission.holder
    if stint is None:
        if mission.stints:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, "cancelled_without_acceptance"))
        return OK
    if not fact.flag:
        threshold = policies.parameters(fact.at, mission.city).late_threshold_seconds * SECOND
        # « series_ended »: calling off a recurring order counts once, however many of its missions it takes away.
        series = mission.request.series if mission.request is not None and fact.reason == SERIES_ENDED else ""
        stint.cancel(fact.at, fact.position, late=mission.judged_start - fact.at < threshold, series=series)
        if fact.at >= mission.starts_at:
            report_no_show(mission, stint, fact, policies, reporter=BY_PRO)
    if mission.rated_position:
        heal(mission, mission.rated_position)
        mission.set_aside.append((mission.rated_position, "rating_of_a_mission_that_did_not_take_place"))
        mission.forget_ratings()
    mission.holder = None
    mission.state = OPEN
    mission.checked_in_at = NEVER
    return OK


# In the order of `facts.KIND`.


TRANSITIONS: tuple[Callable[[Mission, Fact, Register], int], ...] = (
    requested,
    proposal_lapsed,
    proposal_lapsed,
    accepted,
    rescheduled,
    cancelled,
    delayed,
    checked_in,
    client_absent,
    no_show,
    no_show_confirmed,
    no_show_rejected,
    completed,
    duration_modified,
    rated,
    damage_declared,
    damage_document_added,
)
