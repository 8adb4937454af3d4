"""What was set aside: events of a pro's missions that never count, or turned out not to, each with its reason."""

from __future__ import annotations

from typing import Any

from ledger.book import Book
from ledger.entries import Entry
from ledger.events.catalogue import topics_of
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
    TYPE_OF_KIND,
    Fact,
)
from ledger.missions.history import MissionHistory, Step, walk
from ledger.missions.mission import Mission
from ledger.pros.pro import Pro
from projections.archive import PostgresArchive

NEVER_COUNTED = {
    REFUSED: "refusal_never_counts",
    EXPIRED: "lapsed_proposal_never_counts",
    RESCHEDULED: "reschedule_never_counts",
    CLIENT_ABSENT: "client_absence_is_no_fault",
    DAMAGE_DECLARED: "damage_is_no_fault",
}
LOOKED_FOR = {
    "never": topics_of(TYPE_OF_KIND[kind] for kind in NEVER_COUNTED),
    "outcomes": topics_of(TYPE_OF_KIND[kind] for kind in (CANCELLED, NO_SHOW)),
    "ratings": topics_of([TYPE_OF_KIND[RATED]]),
}
"""What the missions are found by in which there may be something: see `missions_with_set_aside.sql`."""
EXCUSED = "cancelled_inside_an_unavailability"
CANCELLED_BY = {2: "client_cancellation_never_counts", 3: "platform_cancellation_never_counts"}


def set_aside(book: Book, pro: Pro) -> list[Any]:
    """`[{"event", "type", "mission", "position", "reason"}]` in order of position."""
    archive, chronicle = book.archive, book.chronicle
    assert isinstance(archive, PostgresArchive)
    missions = {*archive.missions_with_set_aside(pro.accounts, **LOOKED_FOR), *pro.excused}
    voided = {each.target: each.position for each in archive.voids(streams=[f"mission/{each}" for each in missions])}
    found: list[tuple[Entry, str]] = []
    for mission_id, entries in archive.missions(missions).items():
        by_position = {entry.position: entry for entry in entries}
        facts = [Fact(entry.type, entry.at, entry.position, entry.data) for entry in entries]
        history = MissionHistory(mission_id)
        gone = {entry.position: voided[entry.position] for entry in entries if entry.position in voided}
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


def never_counted(fact: Fact) -> str | None:
    """Why an event counts for nothing whatever else happens; None where it may count."""
    if fact.kind == CANCELLED:
        return CANCELLED_BY.get(fact.by) or ("excused_cancellation" if fact.flag else None)
    return NEVER_COUNTED.get(fact.kind)


def _reason(step: Step, final: Mission, pro: Pro) -> str | None:
    """Why this event of the mission does not count against the pro; None when it counts or is not about the pro."""
    fact, accounts = step.fact, pro.accounts
    if step.holder not in accounts and fact.pro not in accounts and fact.kind not in (RATED, NO_SHOW):
        return None
    if fact.kind in NEVER_COUNTED:
        return never_counted(fact)
    if step.reason:
        return "contradicted_by_an_earlier_event"
    if fact.kind == CANCELLED:
        return never_counted(fact) or not_held_against(fact, final, pro)
    if fact.kind == RATED and fact.by == BY_CLIENT and any(stint.pro in accounts for stint in final.stints):
        return _rating_reason(fact, final, accounts)
    missed = final.no_show.stint.pro if final.no_show is not None else ""
    if fact.kind == NO_SHOW and (step.holder in accounts or missed in accounts):
        return _no_show_reason(fact, final)
    return None


def not_held_against(fact: Fact, final: Mission, pro: Pro) -> str | None:
    """Why an unexcused cancellation by the pro does not count all the same; None where it does."""
    excused = pro.excused.get(final.id)
    if excused is not None and excused.adverse_position == fact.position:
        return EXCUSED
    figures = pro.cities.get(final.city)
    series = next((stint.series for stint in final.stints if stint.adverse_position == fact.position), "")
    if figures is None or not series:
        return None
    counted = figures.above_the_line(figures.accepted_positions)
    return None if any(each.mission == final.id for each in counted) else "series_counted_already"


def _rating_reason(fact: Fact, final: Mission, accounts: tuple[str, ...]) -> str | None:
    for position, reason in final.set_aside:
        if position == fact.position:
            return reason
    contributions = final.contributions()
    if any(contributions[each].rated_position == fact.position for each in accounts if each in contributions):
        return None
    if final.holder is not None and final.holder.pro not in accounts:
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
