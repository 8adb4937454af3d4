"""`why` for people: one screen from which somebody who never saw the platform understands what happened.

The order is that of a statement of reasons: who and since when, what happened in numbers, by which sentence, after
which warnings, on which events, what was left aside, under which policy, and what can be done now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import (
    decision_sentences,
    output,
    reasons,
    review_sentences,
    sentences,
    why_advice,
    why_checks,
    why_decisions,
    why_events,
)
from commands.why_layout import AT_MOST, NARROW, at, rows, section

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]


def show(screen: Screen, why: Document, *, everything: bool, commands: Collection[str]) -> None:
    """Print the page. `commands` are those this program has, so that no advice names one it lacks."""
    decision, rule = why.get("decision"), why.get("rule")
    standing = why.get("standing") or {}
    output.paragraph(
        screen,
        decision_sentences.access_sentence(
            why["pro"], why["access"], why.get("until") or standing.get("until"), decision
        ),
        style="bold",
    )
    if standing.get("accounts"):
        output.paragraph(screen, decision_sentences.accounts_sentence(why))
    if decision:
        for sentence in decision_sentences.about(why):
            output.paragraph(screen, sentence)
    for sentence in decision_sentences.proposals(why):
        output.paragraph(screen, sentence)
    if rule:
        _what_happened(screen, why)
        _the_rule(screen, rule)
    _reports(screen, why.get("reports") or ())
    _documents(screen, why.get("documents_expired") or ())
    _reviews(screen, why.get("reviews") or ())
    _warnings(screen, why.get("warnings") or (), decision, everything, why["pro"])
    why_decisions.show(screen, why, decision)
    # What was set aside since has its place there, with the reason.
    aside = {each["position"] for each in why.get("set_aside") or ()}
    counted = [each for each in why.get("evidence") or () if not each.get("fallen") or each["position"] not in aside]
    if counted and (rule or decision):
        why_events.counted(screen, counted, everything, of=why["pro"])
    if not rule:
        why_checks.show(screen, why)
    if not rule and not decision:
        why_checks.events(screen, why, everything=everything)
    why_events.set_aside(screen, why.get("set_aside") or ())
    _anomalies(screen, why.get("anomalies") or ())
    _policy(screen, why)
    why_advice.show(screen, why, commands)


def _what_happened(screen: Screen, why: Document) -> None:
    said = sentences.what_happened(why)
    if said:
        section(screen, "What happened")
        output.paragraph(screen, said, indent=NARROW)


def _the_rule(screen: Screen, rule: Document) -> None:
    section(screen, f"The rule: {rule.get('id')}")
    if rule.get("text"):
        output.paragraph(screen, rule["text"], indent=NARROW)
    for number, citation in enumerate(rule.get("citations") or ()):
        if number == 0:
            output.paragraph(screen, f"{citation['document']}: « {citation['sentence']} »", indent=NARROW)
            output.paragraph(screen, f"In English: {citation['gloss']}", indent=NARROW)
        else:
            output.paragraph(screen, f"Also {citation['document']}: « {citation['sentence']} »", indent=NARROW)


def _warnings(
    screen: Screen, warnings: Sequence[Document], decision: Document | None, everything: bool, of: str
) -> None:
    if not warnings:
        return
    before = decision is not None and all(each["position"] < decision["position"] for each in warnings)
    section(screen, "Warnings before" if before else "Warnings")
    shown = warnings if everything else warnings[-AT_MOST:]
    if len(shown) < len(warnings):
        output.paragraph(screen, f"{len(warnings) - len(shown)} earlier ones: --all", indent=NARROW, style="dim")
    first = len(warnings) - len(shown) + 1
    told = [
        (
            f"{number}.",
            sentences.date_only(each.get("time")),
            f"{each.get('rule')}{sentences.other_account(each, of)}",
            sentences.figures_in_short(each.get("figures") or {}),
            _until(each),
            f"#{each.get('position')}",
        )
        for number, each in enumerate(shown, first)
    ]
    rows(screen, told)


def _until(warning: Document) -> str:
    if not warning.get("on_ladder", True):
        return "no longer counts"  # a reinstatement began the ladder anew
    return f"{'expired' if warning.get('expired') else 'expires'} {sentences.expiry(warning)}"


def _reports(screen: Screen, reports: Sequence[Document]) -> None:
    """What somebody reported of the pro's conduct and nobody has ruled on."""
    if not reports:
        return
    section(screen, "Reports of conduct that wait for a person")
    told = [
        (sentences.stamp(each["time"]), each["ground"].replace("_", " "), each["mission"] or "", at(each))
        for each in reports[:AT_MOST]
    ]
    rows(screen, told)


def _documents(screen: Screen, expired: Sequence[Document]) -> None:
    """What is missing today, whichever of them the restriction was first decided for."""
    if not expired:
        return
    section(screen, "Documents that are expired now")
    rows(screen, [(sentences.stamp(each["time"]), each["kind"].replace("_", " "), at(each)) for each in expired])


def _reviews(screen: Screen, reviews: Sequence[Document]) -> None:
    """What rests on facts that fell: nothing is reinstated by itself, a person looks again."""
    if not reviews:
        return
    section(screen, "To be reviewed")
    for each in reviews[:AT_MOST]:
        output.paragraph(screen, review_sentences.sentence(each), indent=NARROW)
    if len(reviews) > AT_MOST:
        output.paragraph(screen, f"and {len(reviews) - AT_MOST} more; reviews --pro lists them", indent=NARROW)


def _anomalies(screen: Screen, anomalies: Sequence[Document]) -> None:
    if not anomalies:
        return
    section(screen, "To be cleared up")
    for each in anomalies[:AT_MOST]:
        words = reasons.in_words(str(each["code"]))
        output.paragraph(screen, f"mission {each['mission']}: {words} (#{each['position']})", indent=NARROW)
    if len(anomalies) > AT_MOST:
        output.paragraph(screen, f"and {len(anomalies) - AT_MOST} more; standing lists them", indent=NARROW)


def _policy(screen: Screen, why: Document) -> None:
    name = (why.get("decision") or {}).get("policy") or why.get("policy_in_force")
    digest = why.get("policy_document_sha256")
    screen.print()
    output.paragraph(screen, f"Policy {name}" + (f", sha256 {digest}" if digest else ""), style="dim")
    others = [each for each in why.get("facts_judged_by") or () if each != name]
    if others:
        output.paragraph(
            screen,
            "Its thresholds were in force when the numbers were compared; each event was judged by the version of its "
            f"own time, some by {', '.join(others)}.",
            style="dim",
        )
