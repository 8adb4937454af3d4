"""Every decision about a pro and every complaint, and what became of it."""

from __future__ import annotations

from typing import Any

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.instants import NEVER, to_text
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent
from ledger.reviews import PROCEDURAL, Grounds
from ledger.store.database import Connection
from projections.reviews_reading import fallen
from projections.summaries import summary

Answer = dict[str, Any]
DECISIONS = frozenset(
    {"pro.suspended", "pro.reinstated", "pro.suspension_dismissed", "pro.complaint_opened", "pro.complaint_decided"}
)


def decisions(connection: Connection, pro: Pro, book: Book) -> list[Answer]:
    """Every decision about the pro and every complaint, also voided ones and those lifted, in order of position.

    `fallen` are the facts it rests on that no longer stand, `defect` what was wrong with how it came about;
    `dated_back`: one recorded before it is dated after it; `ended_by`: the event since which it is not in force, null
    where it still is, ended at `until` by itself, or was voided.
    """
    endings = _endings(pro, book.chronicle)
    grounds = Grounds(pro, book.chronicle, book.voided, book.positions_of)
    told = [each for each in pro.events if each.type in DECISIONS]
    shown: list[Answer] = []
    latest = NEVER
    for each in told:
        facts = grounds.fallen(each) if each.type == "pro.suspended" else []
        defects = [fact for fact, cause in facts if fact == cause]
        ended = endings.get(each.position)
        shown.append(
            {
                "type": each.type,
                "event": each.id,
                "position": each.position,
                "time": to_text(each.at),
                "by": each.data.get("by"),
                "reason": each.data.get("reason"),
                "summary": summary(each.type, each.data),
                "voided": each.position in pro.voided,
                "dated_back": each.at < latest,
                "fallen": fallen(connection, [fact for fact in facts if fact[0] not in defects]),
                "defect": _defect(pro, defects[0]) if defects else None,
                "until": each.data.get("until"),
                "notified_at": each.data.get("notified_at"),
                "notice_exception": each.data.get("notice_exception"),
                "ended_by": _ended(ended) if ended else None,
            }
        )
        latest = max(latest, each.at)
    return shown


def _defect(pro: Pro, position: int) -> str:
    proposal = next(each for each in pro.events if each.position == position)
    return str(proposal.data["figures"][PROCEDURAL])


def _ended(by: ProEvent) -> Answer:
    return {"event": by.id, "position": by.position, "time": to_text(by.at), "summary": summary(by.type, by.data)}


def _endings(pro: Pro, chronicle: Chronicle) -> dict[int, ProEvent]:
    """The position of each decision that an event ended, with that event."""
    told, ended = Pro(*pro.accounts), dict[int, ProEvent]()
    for event in pro.events:
        if event.position in pro.voided:
            continue
        before = [each.event.position for each in told.decisions]
        told.apply(event, chronicle)
        kept = {each.event.position for each in told.decisions}
        ended |= {position: event for position in before if position not in kept}
    return ended
