"""From a change in a pro's figures to the engine's events: warnings, proposals, and automatic decisions.

The engine's events take the time of the event that triggered them, name it in `causationid`, and carry the figures and
the positions of the events that made them, so that each can be checked years later without the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ledger.entries import Entry
from ledger.instants import NEVER, SECOND, parse_us, to_text
from ledger.missions.mission import PRO_NO_SHOW
from ledger.policies.parameters import Parameters
from ledger.policies.register import Register
from ledger.policies.tracing import Traced
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent, conduct_rule
from ledger.rulebook import Rule
from ledger.rulebook.conduct import ZERO_TOLERANCE
from ledger.rules.figures import NOTHING, REMOVE, WARN, Figures, Ladder


class Finding(NamedTuple):
    """An engine event still without position: its type and data."""

    type: str
    data: dict[str, Any]


def judge(rule: Rule, pro: Pro, city: str, register: Register, at: int) -> int:
    """What one rule finds in the pro's figures: NOTHING, WARN or REMOVE. Reads, changes nothing."""
    if pro.access_at(at) >= rule.silent_at:
        return NOTHING
    verdict = _evaluate(rule, pro, city, register.parameters(at, city), at)
    if verdict == REMOVE and _removed(pro, rule, at):
        return NOTHING
    before = _in_grace(register, at, city) if verdict != NOTHING else None
    if before is not None:
        return min(verdict, _evaluate(rule, pro, city, before, at))
    return verdict


def _in_grace(register: Register, at: int, city: str) -> Parameters | None:
    """What the version before said, while the one in force is so new that its grace lasts; else None.

    `due_process.grace_days`: who is in breach only because the policy changed is judged by the milder of both for so
    many days, and has that time to get better.
    """
    effective = register.since(at)
    if effective is None or at >= effective + register.parameters(at, city).grace_seconds * SECOND:
        return None
    return register.parameters(effective - 1, city)


def _evaluate(rule: Rule, pro: Pro, city: str, terms: Parameters, at: int) -> int:
    return rule.evaluate(rule.figures(pro, city, terms, at), pro.ladder_at(rule.ladder, at), terms, at)


def _removed(pro: Pro, rule: Rule, at: int) -> bool:
    """Whether the same removal is already waiting for a person, or in force."""
    return any(each.data["rule"] == rule.id for each in pro.proposals) or any(
        each.event.data.get("rule") == rule.id for each in pro.in_force(at)
    )


def written(rule: Rule, verdict: int, pro: Pro, city: str, register: Register, at: int) -> Finding:
    """The event that records what a rule found."""
    terms = register.parameters(at, city)
    figures, ladder = rule.figures(pro, city, terms, at), pro.ladder_at(rule.ladder, at)
    defect = procedural_defect(pro, terms) if verdict == REMOVE and rule.id == "no_show" else None
    policy, evidence = register.in_force(at).name, rule.evidence(pro, city, terms, at)
    return found(rule, verdict, policy, figures, ladder, city, evidence, defect)


def found(
    rule: Rule,
    verdict: int,
    policy: str,
    figures: Figures,
    ladder: Ladder,
    city: str,
    evidence: Iterable[int],
    defect: str | None,
) -> Finding:
    """The same where it is known what the rule was asked with."""
    shown = document(rule, figures, ladder, city)
    if defect is not None:
        shown["procedural_defect"] = defect
    data: dict[str, Any] = {
        "rule": rule.id,
        "policy": policy,
        "figures": shown,
        "evidence": sorted(set(evidence)),
    }
    if verdict == WARN:
        return Finding("pro.warned", {"ladder": rule.ladder, **data})
    return Finding("pro.suspension_proposed", {"kind": rule.removal, **data})


def read_for(rule: Rule, pro: Pro, finding: ProEvent, register: Register) -> Traced:
    """What a rule reads of the parameters when it counts and judges the figures of its recorded finding again."""
    figures = finding.data["figures"]
    city = figures.get("city") or ""
    last = figures.get("last_warning_at")
    ladder = Ladder(figures.get("unexpired_warnings") or 0, parse_us(last) if last else NEVER)
    kept = rule.figures_type(**{name: figures[name] for name in rule.figures_type._fields})
    traced = Traced(register.parameters(finding.at, city))
    rule.evaluate(kept, ladder, traced, finding.at)
    if not city or city in pro.cities:
        rule.figures(pro, city, traced, finding.at)  # for what it reads; the figures are those of the finding
    rule.lasts(traced)
    return traced


def procedural_defect(pro: Pro, terms: Parameters) -> str | None:
    """Why an exclusion for no-shows did not come about as the charter says, where it did not.

    Mila: « Nous ne vous avertirons qu'une seule fois »: who missed the appointment that excludes without having been
    warned before it was not warned once – the first was reported late, or confirmed late. An appointment is missed at
    the mission's start, whenever that is reported.
    """
    missed = sorted(
        min(each.due_at, each.adverse_at)
        for city in pro.cities.values()
        for each in city.adverse.values()
        if each.adverse == PRO_NO_SHOW
    )
    excluding = terms.no_show_exclude_at
    if terms.no_show_warn_at >= excluding or len(missed) < excluding:
        return None
    warned = [each.at for each in pro.warnings if each.rule == "no_show"]
    if not warned:
        return "never_warned"
    return "warning_after_second_no_show" if min(warned) >= missed[excluding - 1] else None


def decided(rule: Rule, proposal: Entry, register: Register, city: str) -> Finding:
    """The engine's own decision on a proposal, where the policy says `decision = "automatic"`."""
    policy = proposal.data["policy"]
    data = {
        "kind": rule.removal,
        "rule": rule.id,
        "by": "engine",
        "reason": f"{rule.id} under {policy}",
        "proposal": proposal.id,
    }
    lasts = rule.lasts(register.parameters(proposal.at, city))
    if lasts:
        data["until"] = to_text(proposal.at + lasts)
    return Finding("pro.suspended", data)


def confirmed(pro: Pro, ruling: ProEvent) -> Finding | None:
    """What a person's confirmation of a report on a ground without a ladder is: their decision, and it excludes."""
    report = pro.ruled_by(ruling)
    if report is None or report.ground not in ZERO_TOLERANCE:
        return None
    rule = conduct_rule(report.ground)
    data = {
        "kind": "exclusion",
        "rule": rule,
        "by": ruling.data["by"],
        "reason": ruling.data.get("reason"),
        "evidence": [report.event.position, ruling.position],
    }
    proposal = next((each for each in reversed(pro.events) if _proposes(each, rule, report.event.position)), None)
    if proposal is not None:
        data["proposal"] = proposal.id
    return Finding("pro.suspended", data)


def _proposes(event: ProEvent, rule: str, report: int) -> bool:
    return event.type == "pro.suspension_proposed" and event.data["rule"] == rule and report in event.data["evidence"]


def document(rule: Rule, figures: Figures, ladder: Ladder, city: str) -> dict[str, Any]:
    """The figures as the event keeps them: every input of the rule, and the quotient as people read it."""
    shown: dict[str, Any] = {"city": city} if city else {}
    shown |= {**figures._asdict(), **figures.shown()}
    if rule.ladder:
        shown["unexpired_warnings"] = ladder.unexpired
        shown["last_warning_at"] = to_text(ladder.last_at) if ladder.last_at != NEVER else None
    return shown
