"""From a change in a pro's figures to the engine's events: warnings, proposals, and automatic decisions.

The engine's events take the time of the event that triggered them, name it in `causationid`, and carry the figures and
the positions of the events that made them, so that each can be checked years later without the engine.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.instants import NEVER, to_text
from ledger.policies.register import Register
from ledger.pros.figures import Movement
from ledger.pros.pro import Pro
from ledger.rulebook import Rule
from ledger.rules.figures import NOTHING, REMOVE, WARN, Figures, Ladder


class Finding(NamedTuple):
    """An engine event still without position: its type and data."""

    type: str
    data: dict[str, Any]


def judge(rule: Rule, pro: Pro, city: str, movement: Movement, register: Register, at: int) -> int:
    """What one rule finds after a movement of the pro's figures: NOTHING, WARN or REMOVE. Reads, changes nothing."""
    if not rule.triggered(movement) or pro.access_at(at) >= rule.silent_at:
        return NOTHING
    terms = register.parameters(at, city)
    figures = rule.figures(pro, city, terms, at)
    verdict = rule.evaluate(figures, pro.ladder_at(rule.ladder, at), terms, at)
    if verdict == REMOVE and _proposed(pro, rule):
        return NOTHING
    return verdict


def _proposed(pro: Pro, rule: Rule) -> bool:
    """Whether the same removal is already waiting for a person."""
    return any(each.data["rule"] == rule.id for each in pro.proposals)


def written(rule: Rule, verdict: int, pro: Pro, city: str, register: Register, at: int) -> Finding:
    """The event that records what a rule found."""
    terms = register.parameters(at, city)
    figures = rule.figures(pro, city, terms, at)
    ladder = pro.ladder_at(rule.ladder, at)
    data: dict[str, Any] = {
        "rule": rule.id,
        "policy": register.in_force(at).name,
        "figures": document(figures, ladder, city),
        "evidence": sorted(set(rule.evidence(pro, city, terms, at))),
    }
    if verdict == WARN:
        return Finding("pro.warned", {"ladder": rule.ladder, **data})
    return Finding("pro.suspension_proposed", {"kind": rule.removal, **data})


def decided(rule: Rule, proposal_id: str, policy: str) -> Finding:
    """The engine's own decision on a proposal, where the policy says `decision = "automatic"`."""
    return Finding(
        "pro.suspended",
        {
            "kind": rule.removal,
            "rule": rule.id,
            "by": "engine",
            "reason": f"{rule.id} under {policy}",
            "proposal": proposal_id,
        },
    )


def document(figures: Figures, ladder: Ladder, city: str) -> dict[str, Any]:
    """The figures as the event keeps them: every input of the rule, and the quotient as people read it."""
    shown: dict[str, Any] = {"city": city, **figures._asdict(), **figures.shown()}
    shown["unexpired_warnings"] = ladder.unexpired
    shown["last_warning_at"] = to_text(ladder.last_at) if ladder.last_at != NEVER else None
    return shown
