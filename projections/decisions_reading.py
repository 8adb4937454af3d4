"""Every decision about a pro and every complaint, and what became of it."""

from __future__ import annotations

from typing import Any

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.instants import NEVER, to_text
from ledger.pros.pro import Pro
from ledger.pros.records import Decision, ProEvent
from ledger.reviews import PROCEDURAL, Grounds
from ledger.store.database import Connection
from ledger.store.log import read_at
from projections.reviews_reading import fallen
from projections.summaries import summary

Answer = dict[str, Any]
DECISIONS = frozenset(
    {"pro.suspended", "pro.reinstated", "pro.suspension_dismissed", "pro.complaint_opened", "pro.complaint_decided"}
)


def decisions(connection: Connection, pro: Pro, book: Book, now: int) -> list[Answer]:
    """Every decision about the pro and every complaint, also voided ones and those lifted, in order of position.

    `fallen` are the facts it rests on that no longer stand, `defect` what was wrong with how it came about;
    `dated_back`: one recorded before it is dated after it; `ended_by`: the event since which it is not in force (there
    `dated_back`: that event is dated before the decision), `ran_out`: the instant since which it is not by its own
    terms. Both are null where it still is in force, or was voided. `dismissed`: the proposals that it closed.
    """
    endings, dismissed = _told_again(pro, book.chronicle)
    over = _over(connection, endings, now)
    grounds = Grounds(pro, book.chronicle, book.voided, book.positions_of)
    told = [each for each in pro.events if each.type in DECISIONS]
    shown: list[Answer] = []
    latest = NEVER
    for each in told:
        facts = grounds.fallen(each) if each.type == "pro.suspended" else []
        defects = [fact for fact, cause in facts if fact == cause]
        shown.append(
            {
                "type": each.type,
                "event": each.id,
                "position": each.position,
                "pro": each.account,
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
                **over.get(each.position, NOT_OVER),
                "dismissed": [_proposal(one) for one in dismissed.get(each.position, ())],
            }
        )
        latest = max(latest, each.at)
    return shown


def _defect(pro: Pro, position: int) -> str:
    proposal = next(each for each in pro.events if each.position == position)
    return str(proposal.data["figures"][PROCEDURAL])


NOT_OVER: Answer = {"ended_by": None, "ran_out": None}


Endings = list[tuple[Decision, ProEvent | None]]
"""Each decision that counted, with the event that took it off the pro; None where none did."""


def _over(connection: Connection, endings: Endings, now: int) -> dict[int, Answer]:
    """By position of a decision how it came to be over: which event ended it, or when it ran out by its own terms."""
    recorded = {
        row.position: row.recorded for row in read_at(connection, [each.position for _, each in endings if each])
    }
    over: dict[int, Answer] = {}
    for decision, by in endings:
        began = decision.event.at
        # What is dated before the decision cannot have ended it before it began: it did when it was recorded.
        ended = now if by is None else by.at if by.at >= began else recorded[by.position]
        if NEVER < decision.until <= ended:
            over[decision.event.position] = NOT_OVER | {"ran_out": to_text(decision.until)}
        elif by is not None:
            over[decision.event.position] = NOT_OVER | {"ended_by": _ended(by, recorded[by.position], by.at < began)}
    return over


def _ended(by: ProEvent, recorded: int, dated_back: bool) -> Answer:
    return {
        "event": by.id,
        "position": by.position,
        "time": to_text(by.at),
        "recorded": to_text(recorded),
        "dated_back": dated_back,
        "summary": summary(by.type, by.data),
    }


def _told_again(pro: Pro, chronicle: Chronicle) -> tuple[Endings, dict[int, list[ProEvent]]]:
    """How decisions ended, and of each dismissal (its position) the proposals that were open until then."""
    told = Pro(*pro.accounts)
    endings: Endings = []
    dismissed: dict[int, list[ProEvent]] = {}
    for event in pro.events:
        if event.position in pro.voided:
            continue
        if event.type == "pro.suspension_dismissed":
            dismissed[event.position] = told.proposals
        before = told.decisions
        told.apply(event, chronicle)
        kept = {each.event.position for each in told.decisions}
        endings += [(each, event) for each in before if each.event.position not in kept]
    return [*endings, *((each, None) for each in told.decisions)], dismissed


def _proposal(event: ProEvent) -> Answer:
    return {"event": event.id, "rule": event.data["rule"], "kind": event.data["kind"], "position": event.position}
