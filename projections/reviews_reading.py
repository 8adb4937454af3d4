"""Answers from the projection `reviews`: what waits for a person to look at it again, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.entries import stored_document
from ledger.events.catalogue import type_of
from ledger.instants import to_text
from ledger.reviews import PROCEDURAL
from ledger.store.database import Connection, translated
from ledger.store.log import StoredRow, read_at
from projections.archive import LINKED, PostgresArchive
from projections.known import accounts_of
from projections.statements import sql
from projections.summaries import summary

Answer = dict[str, Any]

OF_CAUSE = {
    "mission.no_show_rejected": "no_show_rejected",
    "mission.cancelled": "cancelled_in_time",
    "pro.conduct_dismissed": "report_dismissed",
    "pro.unavailable": "excused_by_unavailability",
}
OF_VOIDED = {
    "pro.warned": "warning_voided",
    "pro.suspension_proposed": "proposal_voided",
    "policy.published": "policy_withdrawn",
    "city.baseline_published": "baseline_withdrawn",
}
OF_FACT = {
    "mission.rated": "rating_no_longer_counts",
    "mission.no_show": "no_show_set_aside",
    "mission.cancelled": "cancellation_no_longer_counts",
}


def reviews(connection: Connection, pros: list[str] | None = None, *, now: int) -> list[Answer]:
    """Every open review, or those of some pros (of linked accounts name all), in order of the finding.

    `[{"pro", "kind": "decision" | "proposal" | "warning", "event", "position", "time", "rule", "reason", "fact",
    "cause"}]`; `fact` and `cause` are `{"position", "event", "type", "mission", "time", "summary", "by", "reason"}`,
    or null for a defect of procedure and for a cause that is not known.
    """
    with translated():
        rows = connection.execute(sql("reviews_of"), {"pros": pros, "now": now}).fetchall()
    events = _events(connection, {each for row in rows for each in (row[0], row[1], row[6]) if each})
    links = _links_voided(connection, events.values())
    return [_review(events, links, *row) for row in rows]


def listed(connection: Connection, pro: str | None, *, now: int) -> Answer:
    """`{"position", "reviews": [..]}`: every open review, or those of a person's accounts. Refuses `unknown_pro`."""
    with translated():
        position = connection.execute(sql("last_position")).fetchone()
    accounts = accounts_of(connection, pro) if pro is not None else None
    assert position is not None
    return {"position": position[0], "reviews": reviews(connection, accounts, now=now)}


def fallen(connection: Connection, facts: Iterable[tuple[int, int]]) -> list[Answer]:
    """The facts (with causes) of a finding that no longer stand, as `fact` of a review."""
    positions = [fact for fact, _ in facts]
    events = _events(connection, set(positions))
    return [_shown(events[each]) for each in positions]


def _events(connection: Connection, positions: set[int]) -> dict[int, StoredRow]:
    return {row.position: row for row in read_at(connection, sorted(positions))}


def _links_voided(connection: Connection, events: Iterable[StoredRow]) -> set[int]:
    """The positions of those events that are the void of a link."""
    archive, found = PostgresArchive(connection), set[int]()
    for row in events:
        if type_of(row.type)[0] == "ledger.event_voided":
            doc = stored_document(row)
            target = archive.locate(doc["data"]["source"], doc["subject"])
            if target is not None and target.type == LINKED:
                found.add(row.position)
    return found


def _review(
    events: dict[int, StoredRow],
    links: set[int],
    finding: int,
    fact: int,
    pro: str,
    event: str,
    kind: str,
    rule: str | None,
    cause: int,
) -> Answer:
    procedural = fact == cause
    return {
        "pro": pro,
        "kind": kind,
        "event": event,
        "position": finding,
        "time": to_text(events[finding].occurred),
        "rule": rule,
        "reason": _defect(events[fact]) if procedural else _reason(events[fact], events.get(cause), links),
        "fact": None if procedural else _shown(events[fact]),
        "cause": None if procedural or not cause else _shown(events[cause]),
    }


def _defect(proposal: StoredRow) -> str:
    named = stored_document(proposal)["data"]["figures"].get(PROCEDURAL)
    return named if isinstance(named, str) else PROCEDURAL


def _reason(fact: StoredRow, cause: StoredRow | None, links: set[int]) -> str:
    """Why the fact no longer stands, as a code."""
    fact_type = type_of(fact.type)[0]
    cause_type = type_of(cause.type)[0] if cause is not None else ""
    if cause is not None and cause_type == "ledger.event_voided":
        doc = stored_document(cause)
        if (doc["data"]["source"], doc["subject"]) == (fact.source, fact.id):
            return OF_VOIDED.get(fact_type, "fact_voided")
        return "link_voided" if cause.position in links else "rests_on_a_voided_event"
    return OF_CAUSE.get(cause_type) or OF_FACT.get(fact_type) or "no_longer_counts"


def _shown(row: StoredRow) -> Answer:
    doc = stored_document(row)
    event_type = type_of(row.type)[0]
    return {
        "position": row.position,
        "event": row.id,
        "type": event_type,
        "mission": doc["subject"] if event_type.startswith("mission.") else None,
        "time": to_text(row.occurred),
        "summary": summary(event_type, doc["data"]),
        "by": doc["data"].get("by"),
        "reason": doc["data"].get("reason"),
    }
