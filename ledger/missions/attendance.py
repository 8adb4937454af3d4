"""Who was there: delays, check-ins, absent clients, and reported no-shows with the evidence against them."""

from __future__ import annotations

from ledger.instants import NEVER, SECOND
from ledger.missions import refusals as no
from ledger.missions.facts import Fact
from ledger.missions.guards import OK, by_holder, heal, missing_acceptance, not_under_way, other_pro
from ledger.missions.mission import (
    CANCELLED,
    CLIENT_ABSENT,
    COMPLETED,
    HELD,
    NOTHING_ADVERSE,
    OPEN,
    PRO_NO_SHOW,
    Mission,
    NoShow,
    Stint,
)
from ledger.policies.register import Register


def delayed(mission: Mission, fact: Fact, policies: Register) -> int:
    return by_holder(mission, fact, "delayed_without_acceptance")


def checked_in(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = by_holder(mission, fact, "checked_in_without_acceptance")
    if not refusal and fact.flag and mission.checked_in_at == NEVER:
        mission.checked_in_at = fact.at
    return refusal


def client_absent(mission: Mission, fact: Fact, policies: Register) -> int:
    """Wecasa 6: « Attendez 20 minutes sur place (ou utilisez la fonction Check-in si vous faites du ménage) ».

    The wait runs from the later of the start and the arrival; exactly the full wait is enough.
    """
    refusal = not_under_way(mission, fact) or other_pro(mission, fact)
    if refusal:
        return refusal
    if fact.at < absent_from(mission, fact, policies):
        return no.WAIT_TOO_SHORT
    refusal = missing_acceptance(mission, fact, "client_absent_without_acceptance")
    if refusal:
        return refusal
    mission.state = CLIENT_ABSENT
    mission.state_at = fact.at
    if mission.rated_position:
        heal(mission, mission.rated_position)
        mission.set_aside.append((mission.rated_position, "rating_of_an_absent_client"))
    return OK


def absent_from(mission: Mission, fact: Fact, policies: Register) -> int:
    """The first instant at which the client may be declared absent, as the pro's check-in and arrival stand."""
    request = mission.request
    assert request is not None
    if mission.checked_in_at != NEVER and (
        policies.in_force(fact.at).checkin_replaces_wait(request.service, mission.city)
    ):
        return mission.starts_at
    arrived = fact.when if fact.when != NEVER else mission.checked_in_at
    wait = policies.parameters(fact.at, mission.city).client_absent_wait_seconds * SECOND
    return max(mission.starts_at, arrived) + wait


def no_show(mission: Mission, fact: Fact, policies: Register) -> int:
    """A report that the pro did not come. Counts at once, or waits for a person: see `report_no_show`."""
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
    report_no_show(mission, stint, fact, policies, reporter=fact.by)
    return OK


def no_show_confirmed(mission: Mission, fact: Fact, policies: Register) -> int:
    known = mission.no_show
    if known is None:
        mission.anomalies.append((fact.position, "confirmed_without_report"))
        return OK
    heal(mission, known.position)
    known.ruled = 1
    count_no_show(mission, known, confirmed_position=fact.position)
    return OK


def no_show_rejected(mission: Mission, fact: Fact, policies: Register) -> int:
    known = mission.no_show
    if known is None:
        mission.anomalies.append((fact.position, "rejected_without_report"))
        return OK
    heal(mission, known.position)
    known.ruled = 2
    stint = known.stint
    stint.confirmed_position = 0
    if known.by_cancellation:
        stint.cancel(known.at, known.position, late=True, series=stint.series)
        return OK
    stint.adverse, stint.adverse_at, stint.adverse_position = NOTHING_ADVERSE, NEVER, 0
    if mission.holder is None and mission.state == OPEN and mission.stints[-1] is stint:
        mission.holder, mission.state = stint, HELD
    return OK


def report_no_show(mission: Mission, stint: Stint, fact: Fact, policies: Register, *, reporter: int) -> None:
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
        count_no_show(mission, known, confirmed_position=0)


def count_no_show(mission: Mission, known: NoShow, *, confirmed_position: int) -> None:
    stint = known.stint
    stint.adverse, stint.adverse_at, stint.adverse_position = PRO_NO_SHOW, known.at, known.position
    stint.confirmed_position = confirmed_position
    stint.late = 0  # one mission has one adverse outcome, the no-show
    if mission.holder is stint and mission.state == HELD:
        mission.holder, mission.state = None, OPEN
