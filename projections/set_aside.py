"""What was set aside: events of a pro's missions that never count, or turned out not to, each with its reason."""

from __future__ import annotations

from typing import Any

from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.missions.facts import (
    BY_CLIENT,
    CANCELLED,
    CLIENT_ABSENT,
    DAMAGE_DECLARED,
    EXPIRED,
    NO_SHOW,
    RATED,
    REFUSED,
    RESCHEDULED,
    Fact,
)
from ledger.missions.history import MissionHistory, Step, walk
from ledger.missions.mission import Mission
from projections.archive import PostgresArchive

NEVER_COUNTED = {
    REFUSED: "refusal_never_counts",
    EXPIRED: "lapsed_proposal_never_counts",
    RESCHEDULED: "reschedule_never_counts",
    CLIENT_ABSENT: "client_absence_is_no_fault",
    DAMAGE_DECLARED: "damage_is_no_fault",
}
CANCELLED_BY = {2: "client_cancellation_never_counts", 3: "platform_cancellation_never_counts"}


def set_aside(
    archive: PostgresArchive, pro: str, missions: list[str], chronicle: Chronicle, voided: set[int]
) -> list[Any]:
    """`[{"event", "type", "mission", "position", "reason"}]` in order of position."""
    found: list[tuple[Entry, str]] = []
    for mission_id, entries in archive.missions(missions).items():
        by_position = {entry.position: entry for entry in entries}
        facts = [Fact(entry.type, entry.at, entry.position, entry.data) for entry in entries]
        history = MissionHistory(mission_id)
        gone = {entry.position for entry in entries if entry.position in voided}
        history.restore(facts, gone, chronicle.at)
        for step in walk(mission_id, history.facts, gone, chronicle.at):
            reason = _reason(step, history.mission, pro)
            if reason:
                found.append((by_position[step.fact.position], reason))
        # Whom a voided event concerned is no longer known to the fold; the mission is the pro's, so it is shown.
        found += [(by_position[position], "voided") for position in gone]
    return [
        {
            "event": entry.id,
            "type": entry.type,
            "mission": entry.subject,
            "position": entry.position,
            "reason": reason,
        }
        for entry, reason in sorted(found, key=lambda pair: pair[0].position)
    ]


def _reason(step: Step, final: Mission, pro: str) -> str | None:
    """Why this event of the mission does not count against the pro; None when it counts or is not about the pro."""
    fact = step.fact
    if pro not in (step.holder, fact.pro) and fact.kind not in (RATED, NO_SHOW):
        return None
    if fact.kind in NEVER_COUNTED:
        return NEVER_COUNTED[fact.kind]
    if step.reason:
        return "contradicted_by_an_earlier_event"
    if fact.kind == CANCELLED:
        return CANCELLED_BY.get(fact.by) or ("excused_cancellation" if fact.flag else None)
    if fact.kind == RATED and fact.by == BY_CLIENT and any(stint.pro == pro for stint in final.stints):
        return _rating_reason(fact, final, pro)
    if fact.kind == NO_SHOW and (pro == step.holder or (final.no_show is not None and final.no_show.stint.pro == pro)):
        return _no_show_reason(fact, final)
    return None


def _rating_reason(fact: Fact, final: Mission, pro: str) -> str | None:
    for position, reason in final.set_aside:
        if position == fact.position:
            return reason
    rated = final.contributions().get(pro)
    if rated is not None and rated.rated_position == fact.position:
        return None
    if final.holder is not None and final.holder.pro != pro:
        return None
    return "rating_waits_for_the_completion"


def _no_show_reason(fact: Fact, final: Mission) -> str | None:
    known = final.no_show
    if known is None or known.position != fact.position:
        return "second_report_of_one_no_show"
    if known.ruled == 2:
        return "no_show_rejected"
    if known.ruled == 0 and known.stint.adverse_position != fact.position:
        return "no_show_disputed" if known.disputed else "no_show_awaits_confirmation"
    return None
