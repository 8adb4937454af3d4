"""Access and decisions in words: who has which access since when, who decided, and what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import review_sentences, sentences, text

Document = Mapping[str, Any]

ACCESS = {
    "active": "has full access",
    "restricted": "is restricted",
    "suspended": "is suspended",
    "excluded": "is excluded",
}


def access_sentence(pro: str, access: str, until: str | None, decision: Document | None) -> str:
    """Who has which access since when, and until when."""
    words = ACCESS.get(access, f"is {access}")
    if decision is None:
        return f"{pro} {words}; no decision against this pro is in force."
    if decision.get("kind") == "termination":
        words = "is excluded: the contract is terminated,"
    ending = (
        f", until {sentences.moment(until)}" if until else "" if access == "active" else _open_end(decision.get("rule"))
    )
    return f"{pro} {words} since {sentences.moment(decision.get('holds_since') or decision.get('time'))}{ending}."


def _open_end(rule: object) -> str:
    return ", until the document is verified again" if rule == "documents.expired" else ", with no end set"


def about(why: Document) -> list[str]:
    """About the decision in force: who took it and kept it, the notice before, why it holds for this account."""
    decision = why["decision"]
    said = (
        decider_sentence(decision),
        _kept_sentence(why, decision),
        notice_sentence(decision),
        _held_sentence(why["pro"], decision),
    )
    return [each for each in said if each]


def _kept_sentence(why: Document, decision: Document) -> str:
    """Who looked at it again and kept it, and which of its facts no longer count."""
    kept = decision.get("kept_by")
    if not kept:
        return ""
    said = (
        f"{kept['by']} looked at it again on {sentences.moment(kept['time'])} and kept it, giving the reason "
        f"« {kept['reason']} » (#{kept['position']}, event {kept['event']})."
    )
    told = [each for each in why.get("decisions") or () if each["position"] == decision["position"]]
    fallen = [review_sentences.fact_in_words({"fact": fact}) for each in told for fact in each.get("fallen") or ()]
    counts = "does" if len(fallen) == 1 else "do"
    return (
        f"{said} Of what it was first decided on, {'; '.join(fallen)} {counts} not count any more." if fallen else said
    )


def _held_sentence(pro: str, decision: Document) -> str:
    link = decision.get("link")
    if not link:
        return ""
    since = sentences.moment(decision["holds_since"])
    return f"It was decided about {decision['pro']}; it holds for {pro} since {since}, by the link #{link['position']}."


def accounts_sentence(why: Document) -> str:
    """Which accounts are one person, and by which links; empty for a person of one account."""
    accounts = (why.get("standing") or {}).get("accounts")
    if not accounts:
        return ""
    said = [
        f"{' and '.join(each['accounts'])} linked by {each['by']} on {sentences.moment(each['time'])} "
        f"(#{each['position']}, event {each['event']})"
        for each in why.get("links") or ()
    ]
    return f"One person with the accounts {', '.join(accounts)}{': ' if said else ''}{'; '.join(said)}."


def decider_sentence(decision: Document) -> str:
    """By whom, and where it is recorded."""
    by = decision.get("by")
    kind = decision.get("kind") or "decision"
    who = "by the engine itself, as the policy provides, without a person" if by == "engine" else f"by {by or 'nobody'}"
    reason = decision.get("reason")
    given = f", giving the reason « {reason} »" if reason and by != "engine" else ""
    return f"The {kind} was decided {who}{given} (#{decision.get('position')}, event {decision.get('event')})."


P2B = "Regulation (EU) 2019/1150"
EXCEPTIONS = {
    "legal_obligation": ("a legal obligation requires it", "4(4)(a)"),
    "imperative_reason": ("an imperative reason under national law", "4(4)(b)"),
    "repeated_infringement": ("the terms were infringed repeatedly", "4(4)(c)"),
}
"""Why no notice is due, and the place in the regulation."""


def notice_sentence(decision: Document) -> str:
    """When notice was given, and on what ground none was due; empty where the decision says neither."""
    notified, exception = decision.get("notified_at"), decision.get("notice_exception")
    ends = f" ({P2B}, article 4(2))" if decision.get("kind") == "termination" and not exception else ""
    given = f"Notice was given on {sentences.moment(notified)}{ends}." if notified else ""
    if not exception:
        return given
    ground, place = EXCEPTIONS.get(exception, (exception.replace("_", " "), "4(4)"))
    proof = ", ".join(f"#{each}" for each in decision.get("evidence") or ())
    proven = f", proven by {proof}" if proof else ""
    waived = "The full notice was not due" if notified else "No notice was given"
    return f"{given} {waived}: {ground} ({P2B}, article {place}){proven}.".strip()


def notice_in_short(decision: Document) -> list[str]:
    """For a line about a decision: `notice given 2026-03-01 00:00`, `no notice due: imperative reason`."""
    notified, exception = decision.get("notified_at"), decision.get("notice_exception")
    said = [f"notice given {sentences.stamp(notified)}"] if notified else []
    return [*said, f"no notice due: {exception.replace('_', ' ')}"] if exception else said


def proposals(why: Document) -> list[str]:
    """What waits for a person's decision, and which of several the account is about."""
    waiting, explained = why.get("proposals") or (), why.get("explained_proposal")
    said = [proposal_sentence(each) for each in waiting]
    if explained and not why.get("decision") and len(waiting) > 1:
        about = f"the {explained['kind']} proposed under {explained['rule']} (#{explained['position']})"
        said.append(f"What follows is about {about}, of which the consequence is the strictest.")
    return said


def proposal_sentence(proposal: Document) -> str:
    """A removal that waits for a person."""
    removal = text.article(str(proposal.get("kind")))
    return (
        f"{removal[0].upper()}{removal[1:]} is proposed under {proposal.get('rule')} (#{proposal.get('position')}) "
        "and waits for a person's decision."
    )
