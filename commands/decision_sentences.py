"""Access and decisions in words: who has which access since when, who decided, and what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands import sentences

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
    return f"{pro} {words} since {sentences.moment(decision.get('time'))}{ending}."


def _open_end(rule: object) -> str:
    return ", until the document is verified again" if rule == "documents.expired" else ", with no end set"


def decider_sentence(decision: Document) -> str:
    """By whom, and where it is recorded."""
    by = decision.get("by")
    kind = decision.get("kind") or "decision"
    who = "by the engine itself, as the policy provides, without a person" if by == "engine" else f"by {by or 'nobody'}"
    reason = decision.get("reason")
    given = f", giving the reason « {reason} »" if reason and by != "engine" else ""
    return f"The {kind} was decided {who}{given} (#{decision.get('position')}, event {decision.get('event')})."


def proposal_sentence(proposal: Document) -> str:
    """A removal that waits for a person."""
    kind = str(proposal.get("kind"))
    article = "An" if kind[:1] in "aeiou" else "A"
    return (
        f"{article} {kind} is proposed under {proposal.get('rule')} (#{proposal.get('position')}) "
        "and waits for a person's decision."
    )
