"""What several transitions of a mission check or mend alike."""

from __future__ import annotations

from ledger.missions import refusals as no
from ledger.missions.facts import Fact
from ledger.missions.mission import CANCELLED, CLIENT_ABSENT, COMPLETED, PRO_NO_SHOW, Mission

OK = 0


def not_under_way(mission: Mission, fact: Fact) -> int:
    """The refusal for an action on a mission that has ended."""
    if mission.state == COMPLETED:
        return no.COMPLETED_ALREADY
    if mission.state in (CANCELLED, CLIENT_ABSENT):
        return no.MISSION_OVER
    return OK


def other_pro(mission: Mission, fact: Fact) -> int:
    """The refusal for an action that names a pro who does not hold the mission, as far as the holder is known."""
    if not fact.pro:
        return OK
    if mission.holder is not None:
        return no.ANOTHER_PRO if mission.holder.pro != fact.pro else OK
    # The acceptance of somebody else may still be on its way; that of the pro who gave the mission up is not.
    return no.NOT_HELD if mission.stints and mission.stints[-1].pro == fact.pro else OK


def by_holder(mission: Mission, fact: Fact, anomaly: str) -> int:
    """Something only the holder does while the mission is under way; without a known acceptance it is an anomaly."""
    refusal = not_under_way(mission, fact) or other_pro(mission, fact)
    if refusal:
        return refusal
    return missing_acceptance(mission, fact, anomaly)


def missing_acceptance(mission: Mission, fact: Fact, anomaly: str) -> int:
    """Nobody is known to hold the mission: an anomaly, as the acceptance may still be on its way.

    After a no-show that counts it is a contradiction: the mission did not take place.
    """
    if mission.holder is None:
        if mission.stints and mission.stints[-1].adverse == PRO_NO_SHOW:
            return no.NOT_HELD
        mission.anomalies.append((fact.position, anomaly))
    return OK


def heal(mission: Mission, position: int) -> None:
    """The missing step has arrived: the event at this position is no longer an anomaly."""
    mission.anomalies = [anomaly for anomaly in mission.anomalies if anomaly[0] != position]
