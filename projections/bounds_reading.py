"""What a pro's figures are measured by: the thresholds that rules read, and the baseline some of them come from."""

from __future__ import annotations

from typing import Any

from ledger.chronicle import Chronicle
from ledger.findings import document, read_for
from ledger.instants import parse_us, to_text
from ledger.policies.descriptions import present
from ledger.policies.register import Register
from ledger.policies.tracing import Traced
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent
from ledger.rulebook import MISSION_RULES, Rule

Answer = dict[str, Any]


def thresholds_of(rule: Rule, pro: Pro, finding: ProEvent, chronicle: Chronicle) -> Answer:
    """What the rule reads when it counts and judges these figures again."""
    traced = read_for(rule, pro, finding, chronicle.at(finding.position))
    return present(traced.parameters, traced.reads)


BASELINE_GIVES = frozenset({"cancellation.average", "cancellation.maximum", "rating.minimum"})


def baseline_of(register: Register, figures: Answer, thresholds: Answer) -> Answer | None:
    """The event that some of these thresholds come from: the city's latest baseline; None where all are the policy's.

    Contract: thresholds come from the policy in force, and from the latest baseline recorded before.
    """
    published = register.baselines.get(figures.get("city") or "")
    if not published or not BASELINE_GIVES & thresholds.keys():
        return None
    baseline, at, position = published[-1].baseline, published[-1].time_us, published[-1].position
    source, _, event = str(baseline.event_id).partition(" ")
    return {"event": event, "source": source, "position": position, "city": baseline.city, "time": to_text(at)}


def checks_of(pro: Pro, chronicle: Chronicle, now: int) -> list[Answer]:
    """Where the pro stands against each rule today, with what each rule reads and where the events stand it counts."""
    register = chronicle.latest
    checks: list[Answer] = []
    for city in sorted(pro.cities):
        terms = register.parameters(now, city)
        for rule in MISSION_RULES:
            traced = Traced(terms)
            figures = rule.figures(pro, city, traced, now)
            ladder = pro.ladder_at(rule.ladder, now)
            rule.evaluate(figures, ladder, traced, now)
            shown, thresholds = document(rule, figures, ladder, city), present(terms, traced.reads)
            baseline = baseline_of(register, shown, thresholds)
            positions = sorted(set(rule.evidence(pro, city, terms, now)))
            checks.append(
                {
                    "rule": rule.id,
                    "figures": shown,
                    "thresholds": thresholds,
                    "baseline": baseline,
                    "evidence": positions,
                }
            )
    return checks


def counted_by(rule: Rule, figures: Answer, evidence: list[Answer], chronicle: Chronicle) -> Answer:
    """The hours before the start that made these cancellations late: a fact is judged by the policy of its own time.

    No rule reads them. Empty under other rules, and where the policies of several cancellations differ.
    """
    if rule.id != "cancellation.late":
        return {}
    city = figures.get("city") or ""
    found = [
        present(chronicle.at(each["position"]).parameters(parse_us(each["time"]), city), ["late_threshold_seconds"])
        for each in evidence
        if each["type"] == "mission.cancelled"
    ]
    return found[0] if found and all(each == found[0] for each in found) else {}
