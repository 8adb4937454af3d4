"""Why a pro's access is what it is: the decision, the rule, the numbers, the thresholds read, and the events.

The thresholds are not stored: the rule is run once more, on the figures of the event it wrote, with parameters that
note what is read of them. So what is shown is what the rule needs, no more and no less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.book import Book
from ledger.chronicle import Chronicle
from ledger.entries import stored_document
from ledger.events.catalogue import type_of
from ledger.findings import document
from ledger.instants import NEVER, to_text
from ledger.policies.register import Register
from ledger.pros.complaints import deadline_of
from ledger.pros.pro import Pro
from ledger.pros.records import ACCESS_OF_KIND, ProEvent
from ledger.reviews import Grounds, kept_by
from ledger.rulebook import PRO_RULES, RULE, Rule
from ledger.rules.figures import Ladder
from ledger.store.database import Connection
from ledger.store.log import read_at
from projections.accounts_reading import held_by, links, whose
from projections.bounds_reading import baseline_of, checks_of, counted_by, thresholds_of
from projections.claims_reading import report
from projections.decisions_reading import decisions
from projections.known import last_position
from projections.one_pro import book_of
from projections.reviews_reading import reviews
from projections.set_aside import set_aside
from projections.snapshot import snapshot
from projections.standing_reading import standing
from projections.summaries import summary
from projections.warning_reading import warnings_of

Answer = dict[str, Any]
Rests = tuple[Answer, list[int]]
"""Figures, and the positions of the events that made them."""


def why(connection: Connection, pro_id: str, *, now: int) -> Answer:
    """The contract's `why PRO --json`, with the standing, open proposals and anomalies. Refuses `unknown_pro`."""
    with snapshot(connection):
        return _why(connection, book_of(connection, pro_id, last_position(connection)), pro_id, now)


def _why(connection: Connection, book: Book, pro_id: str, now: int) -> Answer:
    chronicle, pro = book.chronicle, book.pro(pro_id)
    shown = standing(connection, pro_id, chronicle.latest, now=now)  # refuses whom no event mentions
    decision = pro.decision_at(now)
    finding = _finding(pro, decision.event if decision else None)
    judged = finding or (decision.event if decision else None)
    policy = chronicle.at(judged.position).in_force(judged.at) if judged else chronicle.latest.in_force(now)
    rule = RULE.get(judged.data.get("rule") or "") if judged else None
    named = _named(book, decision.event) if decision else []
    thresholds = thresholds_of(rule, pro, finding, chronicle) if rule and finding else {}
    figures, positions = _rests_on(pro, finding, decision.event if decision else None, named)
    checks = checks_of(pro, chronicle, now)
    if judged is None:  # no rule has spoken: the figures are those of the checks
        positions = sorted({each for check in checks for each in check["evidence"]})
    grounds = Grounds(pro, chronicle, book.voided, book.positions_of)
    facts = grounds.fallen(judged) if judged else []
    evidence = _evidence(connection, positions, chronicle, whose(book, pro), {fact for fact, _ in facts})
    thresholds |= counted_by(rule, figures, evidence, chronicle) if rule and finding else {}
    return {
        "pro": pro_id,
        "accounts": list(pro.accounts),
        "links": links(pro),
        "access": shown["access"],
        "decision": _decision(decision.event, policy.name, named, pro, pro_id) | _kept(pro, decision.event)
        if decision
        else None,
        "rule": _rule(rule, judged),
        "figures": figures,
        "thresholds": thresholds,
        "baseline": baseline_of(chronicle.at(finding.position), figures, thresholds) if finding else None,
        "evidence": evidence,
        "facts_judged_by": sorted({each["policy"] for each in evidence}),
        "set_aside": set_aside(book, pro),
        "warnings": _warnings(connection, pro, now),
        "policy_document_sha256": policy.sha256,
        "policy_in_force": chronicle.latest.in_force(now).name,
        "proposals": shown["proposals"],
        "explained_proposal": _proposal(finding) if finding else None,
        "anomalies": shown["anomalies"],
        "checks": checks,
        "decisions": decisions(connection, pro, book, now),
        "reports": [report(each, now) for each in pro.reports.values() if each.ruling is None],
        "documents_expired": [
            {"kind": kind, "event": each.id, "position": each.position, "time": to_text(each.at)}
            for kind, each in pro.expired.items()
        ],
        "complaint": _complaint(decision.event, chronicle) if decision else None,
        "reviews": reviews(connection, list(pro.accounts), now=now),
        "standing": shown,
    }


def _finding(pro: Pro, decision: ProEvent | None) -> ProEvent | None:
    """The proposal a decision rests on; without a decision, the strictest that waits for one, of equals the first."""
    if decision is None:
        return max(pro.proposals, key=lambda each: ACCESS_OF_KIND[each.data["kind"]], default=None)
    named = decision.data.get("proposal")
    return next((each for each in pro.events if each.id == named and each.type == "pro.suspension_proposed"), None)


def _rests_on(pro: Pro, finding: ProEvent | None, decision: ProEvent | None, named: list[int]) -> Rests:
    """The figures and the evidence: of the finding, and of a person's decision that names more (positions).

    Who confirms a report on a ground without a ladder decides; what counts then is the report with its confirmation.
    """
    figures: Answer = dict(finding.data["figures"]) if finding else {}
    positions: list[int] = list(finding.data["evidence"]) if finding else []
    if decision is not None and decision.data["kind"] == "exclusion":
        ruled = [each for each in pro.reports.values() if each.confirmed and each.event.position in named]
        figures |= {"reports": 0, "confirmed": len(ruled)} if ruled else {}
    elif finding is not None:
        figures, positions = _standing_now(RULE[finding.data["rule"]], pro) or (figures, positions)
    return figures, sorted({*positions, *named})


def _standing_now(rule: Rule, pro: Pro) -> Rests | None:
    """What speaks against the pro today under a rule of states, not of acts: documents expired, reports that wait.

    A restriction goes on while any document is expired, a suspension while any report waits, whichever of them it was
    first proposed for. None under other rules, whose findings are of the moment, and where nothing stands.
    """
    if rule.ladder or rule not in PRO_RULES:
        return None
    terms = Register.empty().parameters(NEVER, "")  # these rules read none
    positions = rule.evidence(pro, "", terms, NEVER)
    return (document(rule, rule.figures(pro, "", terms, NEVER), Ladder(0, NEVER), ""), positions) if positions else None


def _named(book: Book, decision: ProEvent) -> list[int]:
    """Where the events stand that a decision names as proof, by position or by id."""
    found = {each for named in decision.data.get("evidence") or () for each in book.positions_of(named)}
    return sorted(each for each in found if each < decision.position)


def _warnings(connection: Connection, pro: Pro, now: int) -> list[Answer]:
    """The pro's warnings; `on_ladder` says whether each still stands on its ladder, or a reinstatement cleared it."""
    standing_ones = {each.position for ladder in pro.ladder_warnings.values() for each in ladder}
    return [
        {**each, "on_ladder": each["position"] in standing_ones}
        for each in warnings_of(connection, pro.accounts, now=now)
        if not each["voided"]
    ]


def _decision(event: ProEvent, policy: str, named: list[int], pro: Pro, account: str) -> Answer:
    """The contract's `decision`, as it holds for an account; `evidence` is what a person named as proof (positions).

    P2B regulation 2019/1150 art. 4(2), 4(4): when notice was given, or on what ground none was due.
    """
    data = event.data
    return {
        "event": event.id,
        "position": event.position,
        "kind": data["kind"],
        "rule": data.get("rule"),
        "by": data.get("by"),
        "reason": data.get("reason"),
        "time": to_text(event.at),
        "until": data.get("until"),
        "notified_at": data.get("notified_at"),
        "notice_exception": data.get("notice_exception"),
        "evidence": named,
        "policy": policy,
        **held_by(pro, account, event),
    }


def _kept(pro: Pro, decision: ProEvent) -> Answer:
    """`kept_by`: the person's decision by which another's, or the engine's, was looked at again and kept; or null."""
    kept = kept_by(pro, decision) if decision.data.get("rule") else None
    if kept is None or kept.position == decision.position:
        return {"kept_by": None}
    said = {"by": kept.data.get("by"), "reason": kept.data.get("reason")}
    return {"kept_by": {"event": kept.id, "position": kept.position, "time": to_text(kept.at), **said}}


def _complaint(decision: ProEvent, chronicle: Chronicle) -> Answer:
    """Until when the decision in force may be contested: the first instant that is late, and the last day (UTC)."""
    until = deadline_of(decision, chronicle)
    return {"deadline": to_text(until), "last_day": to_text(until - 1)[:10]}


def _proposal(finding: ProEvent) -> Answer:
    """The proposal whose rule, figures and evidence the account gives, in the shape of `proposals`."""
    return {
        "event": finding.id,
        "rule": finding.data["rule"],
        "kind": finding.data["kind"],
        "position": finding.position,
    }


def _rule(rule: Rule | None, judged: ProEvent | None) -> Answer | None:
    if rule is None:
        named = judged.data.get("rule") if judged else None
        return {"id": named, "text": "", "citations": [], "decided": []} if named else None
    citations = [
        {"document": each.document, "place": each.place, "sentence": each.sentence, "gloss": each.gloss}
        for each in rule.citations
    ]
    return {"id": rule.id, "text": rule.text, "citations": citations, "decided": list(rule.decided)}


def _evidence(
    connection: Connection,
    positions: list[int],
    chronicle: Chronicle,
    account_of: Callable[[int, str | None], str | None],
    fallen: set[int],
) -> list[Answer]:
    """The events at these positions, each with the account it is of (null where it is of none of the person's).

    `fallen`: it made the figures then, and does not count any more.
    """
    shown: list[Answer] = []
    for row in read_at(connection, positions):
        doc = stored_document(row)
        event_type = type_of(row.type)[0]
        mission = doc["subject"] if event_type.startswith("mission.") else None
        shown.append(
            {
                "position": row.position,
                "event": row.id,
                "type": event_type,
                "pro": account_of(row.position, mission),
                "mission": mission,
                "time": to_text(row.occurred),
                "recorded": to_text(row.recorded),
                "summary": summary(event_type, doc["data"]),
                "fallen": row.position in fallen,
                "policy": chronicle.at(row.position).in_force(row.occurred).name,
            }
        )
    return shown
