"""The session and what follows it: completion, changes of duration until billing closes, ratings, damage."""

from __future__ import annotations

from ledger.instants import closing_us
from ledger.missions import refusals as no
from ledger.missions.facts import BY_CLIENT, CLIENT_INFORMED, Fact
from ledger.missions.guards import OK, heal, missing_acceptance, not_under_way, other_pro
from ledger.missions.mission import CANCELLED, CLIENT_ABSENT, COMPLETED, Damage, Mission
from ledger.policies.register import Register


def completed(mission: Mission, fact: Fact, policies: Register) -> int:
    refusal = not_under_way(mission, fact) or other_pro(mission, fact)
    if refusal:
        return refusal
    if fact.when > fact.at:
        return no.ENDS_AFTER_REPORT
    if fact.when < mission.requested_at:
        return no.BEFORE_REQUEST
    refusal = missing_acceptance(mission, fact, "completed_without_acceptance")
    if refusal:
        return refusal
    mission.state = COMPLETED
    mission.state_at = mission.ended_at = fact.when
    mission.completed_position = mission.duration_position = fact.position
    mission.minutes = fact.minutes
    if mission.rated_position:
        heal(mission, mission.rated_position)
    for change in mission.early_changes:  # told in time, but before the completion was
        if not change_refusal(mission, change, policies):
            heal(mission, change.position)
            _change(mission, change)
    return OK


def duration_modified(mission: Mission, fact: Fact, policies: Register) -> int:
    """Wecasa 4: « modifiez la durée dans l'app juste après la session – au plus tard le lendemain »."""
    refusal = other_pro(mission, fact)
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
        mission.early_changes.append(fact)
        return OK
    refusal = change_refusal(mission, fact, policies)
    if not refusal:
        _change(mission, fact)
    return refusal


def change_refusal(mission: Mission, fact: Fact, policies: Register) -> int:
    """Why the duration of a completed session cannot be changed: before its end, or after billing closed."""
    if fact.at < mission.ended_at:
        return no.BEFORE_END
    return no.CLOSED if fact.judged_at >= closes_at(mission, policies) else OK


def _change(mission: Mission, fact: Fact) -> None:
    mission.minutes = fact.minutes
    mission.duration_position = fact.position
    mission.added += fact.added


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
    """Never counted: Wecasa 7, « Un accident peut arriver ». The first declaration makes the file."""
    refusal = other_pro(mission, fact)
    if refusal:
        return refusal
    if not mission.stints:
        mission.anomalies.append((fact.position, "damage_without_acceptance"))
    if mission.damage is not None:
        mission.damage = mission.damage._replace(declarations=mission.damage.declarations + 1)
        return OK
    stint = mission.holder or (mission.stints[-1] if mission.stints else None)
    informed = fact.flag == CLIENT_INFORMED if fact.flag else None
    _, estimate, currency = fact.added[0] if fact.added else ("", 0, "")
    pro = fact.pro or (stint.pro if stint else "")
    mission.damage = Damage(pro, fact.at, fact.position, informed, estimate, currency, 1)
    mission.anomalies = [each for each in mission.anomalies if each[1] != "document_without_damage"]
    return OK


def damage_document_added(mission: Mission, fact: Fact, policies: Register) -> int:
    if mission.damage is None:
        mission.anomalies.append((fact.position, "document_without_damage"))
    mission.damage_documents += (fact.reason,)
    return OK


def closes_at(mission: Mission, policies: Register) -> int:
    """The instant the bill of a mission that ended (or whose client was absent) closes, by the policy then in force."""
    at = mission.state_at
    return closing_us(at, mission.timezone, policies.parameters(at, mission.city).billing_closes)
