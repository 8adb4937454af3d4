"""The life cycle of a mission: what may follow what, one function per event type.

Each function reads like the contract's table: it first refuses what contradicts the mission as it stands, and only
then changes it, so that a refused event leaves no trace. A missing earlier step is not a contradiction: it is kept as
an anomaly and heals when the step arrives (a phone was offline). Pure: no clock, no I/O; the policy comes in.
"""

from __future__ import annotations

from collections.abc import Callable

from ledger.instants import NEVER, SECOND, closing_us
from ledger.missions import refusals as no
from ledger.missions.facts import BY_CLIENT, BY_PRO, Fact
from ledger.missions.mission import (
    CANCELLED,
    CLIENT_ABSENT,
    COMPLETED,
    HELD,
    NOTHING_ADVERSE,
    OPEN,
    PRO_CANCELLED,
    PRO_NO_SHOW,
    Mission,
    NoShow,
    Stint,
)
from ledger.policies.register import Register

OK = 0


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
    return OK


def rescheduled(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = _not_under_way(mission, fact)
    if refusal:
        return refusal
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
    refusal = _not_under_way(mission, fact)
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
    if fact.at >= mission.starts_at:
        if not fact.flag:
            _report_no_show(mission, stint, fact, policies, reporter=BY_PRO)
    elif not fact.flag:
        threshold = policies.parameters(fact.at, mission.city).late_threshold_seconds * SECOND
        stint.adverse, stint.adverse_at, stint.adverse_position = PRO_CANCELLED, fact.at, fact.position
        stint.late = 1 if mission.judged_start - fact.at < threshold else 0
    mission.holder = None
    mission.state = OPEN
    mission.checked_in_at = NEVER
    return OK


def delayed(mission: Mission, fact: Fact, policies: Register) -> int:
    return _by_holder(mission, fact, "delayed_without_acceptance")


def checked_in(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = _by_holder(mission, fact, "checked_in_without_acceptance")
    if not refusal and fact.flag and mission.checked_in_at == NEVER:
        mission.checked_in_at = fact.at
    return refusal


def client_absent(mission: Mission, fact: Fact, policies: Register) -> int:
    """Wecasa 6: « Attendez 20 minutes sur place (ou utilisez la fonction Check-in si vous faites du ménage) ».

    The wait runs from the later of the start and the arrival; exactly the full wait is enough.
    """
    refusal = _not_under_way(mission, fact) or _other_pro(mission, fact)
    if refusal:
        return refusal
    request = mission.request
    assert request is not None
    arrived = fact.when if fact.when != NEVER else mission.checked_in_at
    waited_from = max(mission.starts_at, arrived)
    wait = policies.parameters(fact.at, mission.city).client_absent_wait_seconds * SECOND
    replaced = mission.checked_in_at != NEVER and (
        policies.in_force(fact.at).checkin_replaces_wait(request.service, mission.city)
    )
    if fact.at < mission.starts_at or (fact.at - waited_from < wait and not replaced):
        return no.WAIT_TOO_SHORT
    if mission.holder is None:
        if mission.stints:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, "client_absent_without_acceptance"))
    mission.state = CLIENT_ABSENT
    mission.state_at = fact.at
    if mission.rated_position:
        _heal(mission, mission.rated_position)
        mission.set_aside.append((mission.rated_position, "rating_of_an_absent_client"))
    return OK


def no_show(mission: Mission, fact: Fact, policies: Register) -> int:
    """A report that the pro did not come. Counts at once, or waits for a person: see `_report_no_show`."""
    known = mission.no_show
    if known is not None and known.stint is (mission.holder or mission.stints[-1]):
        if fact.by in known.reporters:
            return no.NO_SHOW_REPORTED_ALREADY
        known.reporters.add(fact.by)  # client and platform report the same absence: one no-show
        return OK
    if mission.state == COMPLETED:
        return no.COMPLETED_ALREADY
    if mission.state == CANCELLED:
        return no.MISSION_OVER
    if fact.at < mission.starts_at:
        return no.BEFORE_START
    stint = mission.holder
    if stint is None:
        if mission.stints:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, "no_show_without_acceptance"))
        return OK
    _report_no_show(mission, stint, fact, policies, reporter=fact.by)
    return OK


def no_show_confirmed(mission: Mission, fact: Fact, policies: Register) -> int:
    known = mission.no_show
    if known is None:
        mission.anomalies.append((fact.position, "confirmed_without_report"))
        return OK
    _heal(mission, known.position)
    known.ruled = 1
    _count_no_show(mission, known, confirmed_position=fact.position)
    return OK


def no_show_rejected(mission: Mission, fact: Fact, policies: Register) -> int:
    known = mission.no_show
    if known is None:
        mission.anomalies.append((fact.position, "rejected_without_report"))
        return OK
    _heal(mission, known.position)
    known.ruled = 2
    stint = known.stint
    stint.adverse, stint.adverse_at, stint.adverse_position, stint.confirmed_position = NOTHING_ADVERSE, NEVER, 0, 0
    if mission.holder is None and mission.state == OPEN and mission.stints[-1] is stint:
        mission.holder, mission.state = stint, HELD
    return OK


def completed(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = _not_under_way(mission, fact) or _other_pro(mission, fact)
    if refusal:
        return refusal
    if fact.when > fact.at:
        return no.ENDS_AFTER_REPORT
    if mission.holder is None:
        if mission.stints:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, "completed_without_acceptance"))
    mission.state = COMPLETED
    mission.state_at = mission.ended_at = fact.when
    mission.completed_position = mission.duration_position = fact.position
    mission.minutes = fact.minutes
    if mission.rated_position:
        _heal(mission, mission.rated_position)
    return OK


def duration_modified(mission: Mission, fact: Fact, policies: Register) -> int:
    """Wecasa 4: « modifiez la durée dans l'app juste après la session – au plus tard le lendemain »."""
    refusal = _other_pro(mission, fact)
    if refusal:
        return refusal
    request = mission.request
    assert request is not None
    if any(currency != request.currency for _, _, currency in fact.added):
        return no.OTHER_CURRENCY
    if mission.state != COMPLETED:
        if mission.state in (CANCELLED, CLIENT_ABSENT):
            return no.MISSION_OVER
        mission.anomalies.append((fact.position, "duration_modified_without_completion"))
        return OK
    if fact.at < mission.ended_at:
        return no.BEFORE_END
    if fact.judged_at >= closes_at(mission, policies):
        return no.CLOSED
    mission.minutes = fact.minutes
    mission.duration_position = fact.position
    mission.added += fact.added
    return OK


def rated(mission: Mission, fact: Fact, policies: Register) -> int:
    """One rating each way. Only client → pro counts, and only for a mission that was completed."""
    if not mission.stints or mission.state == CLIENT_ABSENT:
        return no.NOT_RATABLE
    started = mission.holder is not None or mission.no_show is not None
    if mission.state == CANCELLED:
        started = mission.state_at >= mission.starts_at
    if not started:
        return no.NOT_RATABLE
    if fact.by != BY_CLIENT:
        if mission.pro_rated:
            return no.RATED_ALREADY
        mission.pro_rated = True
        return OK
    if mission.rated_position:
        return no.RATED_ALREADY
    mission.stars = fact.stars
    mission.rated_position = fact.position
    if mission.state == CANCELLED or mission.holder is None:
        mission.set_aside.append((fact.position, "rating_of_a_mission_that_did_not_take_place"))
        return OK
    mission.rating_counts = True
    if mission.state != COMPLETED:
        mission.anomalies.append((fact.position, "rated_without_completion"))
    return OK


def damage_declared(mission: Mission, fact: Fact, policies: Register) -> int:
    """Never counted: Wecasa 7, « Un accident peut arriver »."""
    refusal = _other_pro(mission, fact)
    if refusal:
        return refusal
    if not mission.stints:
        mission.anomalies.append((fact.position, "damage_without_acceptance"))
    mission.damage_at = fact.at
    return OK


def damage_document_added(mission: Mission, fact: Fact, policies: Register) -> int:
    if mission.damage_at == NEVER:
        mission.anomalies.append((fact.position, "document_without_damage"))
    mission.damage_documents += (fact.reason,)
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


def closes_at(mission: Mission, policies: Register) -> int:
    """The instant the bill of a mission that ended (or whose client was absent) closes, by the policy then in force."""
    at = mission.state_at
    return closing_us(at, mission.timezone, policies.parameters(at, mission.city).billing_closes)


def _not_under_way(mission: Mission, fact: Fact) -> int:
    """The refusal for an action on a mission that has ended."""
    if mission.state == COMPLETED:
        return no.COMPLETED_ALREADY
    if mission.state in (CANCELLED, CLIENT_ABSENT):
        return no.MISSION_OVER
    return OK


def _other_pro(mission: Mission, fact: Fact) -> int:
    holder = mission.holder
    return no.ANOTHER_PRO if fact.pro and holder is not None and holder.pro != fact.pro else OK


def _by_holder(mission: Mission, fact: Fact, anomaly: str) -> int:
    """Something only the holder does while the mission is under way; without a known acceptance it is an anomaly."""
    refusal = _not_under_way(mission, fact) or _other_pro(mission, fact)
    if refusal:
        return refusal
    if mission.holder is None:
        if mission.stints:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, anomaly))
    return OK


def _heal(mission: Mission, position: int) -> None:
    """The missing step has arrived: the event at this position is no longer an anomaly."""
    mission.anomalies = [anomaly for anomaly in mission.anomalies if anomaly[0] != position]


def _report_no_show(mission: Mission, stint: Stint, fact: Fact, policies: Register, *, reporter: int) -> None:
    """Count a no-show at once, unless evidence of presence or the policy makes it wait for a person.

    A verified check-in or a client-absent declaration before it makes it disputed (domain, row M6 and 1D).
    """
    disputed = mission.checked_in_at != NEVER or mission.state == CLIENT_ABSENT
    mission.no_show = known = NoShow(stint, fact.at, fact.position, reporter, disputed)
    if disputed:
        mission.anomalies.append((fact.position, "no_show_disputed"))
    elif policies.parameters(fact.at, mission.city).no_show_needs_confirmation:
        mission.anomalies.append((fact.position, "no_show_awaits_confirmation"))
    else:
        _count_no_show(mission, known, confirmed_position=0)


def _count_no_show(mission: Mission, known: NoShow, *, confirmed_position: int) -> None:
    stint = known.stint
    stint.adverse, stint.adverse_at, stint.adverse_position = PRO_NO_SHOW, known.at, known.position
    stint.confirmed_position = confirmed_position
    if mission.holder is stint and mission.state == HELD:
        mission.holder, mission.state = None, OPEN
