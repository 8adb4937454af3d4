"""The statement of reasons: what a pro is told about a decision, as a dated letter in plain text.

P2B regulation 2019/1150 art. 4(5): the specific facts and circumstances, the ground in the terms that applied, and how
to complain. Facts are named by id and instant, never by a client's name, so that each can be found in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands import decision_sentences, output, review_sentences, sentences, tables
from commands.tables import Column
from ledger.errors import Refused

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
_FACTS = (
    Column(title="happened (UTC)"),
    Column(title="mission"),
    Column(title="what"),
    Column(title="event"),
    Column(title="position", number=True),
)


def show(screen: Screen, why: Document, *, today: str) -> None:
    """Print the statement about the decision in force. Refuses (`no_decision`) where there is none."""
    decision = why.get("decision")
    if not decision:
        raise Refused("no_decision", f"no decision about {why['pro']} is in force: there is nothing to state")
    output.line(screen, "STATEMENT OF REASONS", style="bold")
    output.line(screen, f"To {why['pro']}, {sentences.day(today)}")
    screen.print()
    until = why.get("until") or decision.get("until")
    output.paragraph(screen, decision_sentences.access_sentence(why["pro"], why["access"], until, decision))
    if (why.get("standing") or {}).get("accounts"):
        output.paragraph(screen, decision_sentences.accounts_sentence(why))
    for sentence in decision_sentences.about(why):
        output.paragraph(screen, sentence)
    _facts(screen, why)
    _ground(screen, why, decision)
    for each in why.get("reviews") or ():
        screen.print()
        output.paragraph(screen, f"To be reviewed: {review_sentences.sentence(each)}")
    _recourse(screen, why)


def _facts(screen: Screen, why: Document) -> None:
    _section(screen, "The facts")
    said = sentences.what_happened(why)
    if said:
        output.paragraph(screen, said)
    evidence = why.get("evidence") or ()
    accepted = [each for each in evidence if each["type"] == "mission.accepted"]
    rows = [
        (
            sentences.stamp(each["time"]),
            f"{each['mission'] or ''}{sentences.other_account(each, why['pro'])}".strip(),
            f"{each['summary']}{' (no longer counts)' if each.get('fallen') else ''}",
            each["event"],
            f"#{each['position']}",
        )
        for each in evidence
        if each["type"] != "mission.accepted"
    ]
    if rows:
        screen.print()
        tables.show(screen, _FACTS, rows)
    if accepted:
        span = f"#{accepted[0]['position']} … #{accepted[-1]['position']}"
        output.paragraph(screen, f"Counted over {sentences.count(len(accepted), 'accepted mission')} ({span}).")
    if not evidence:
        output.paragraph(screen, "The decision rests on the reason given above; no rule of the engine found it.")


def _ground(screen: Screen, why: Document, decision: Document) -> None:
    _section(screen, "The ground")
    rule = why.get("rule") or {}
    if rule.get("text"):
        output.paragraph(screen, f"Rule {rule['id']}: {rule['text']}")
    for citation in rule.get("citations") or ():
        place = f", {citation['place']}" if citation.get("place") else ""
        output.paragraph(screen, f"{citation['document']}{place}: « {citation['sentence']} »")
        output.paragraph(screen, f"In English: {citation['gloss']}")
    output.paragraph(screen, f"Policy {decision.get('policy')}, sha256 {why.get('policy_document_sha256')}")


def _recourse(screen: Screen, why: Document) -> None:
    _section(screen, "How to complain")
    until = (why.get("complaint") or {}).get("last_day")
    if until:
        output.paragraph(
            screen,
            f"A complaint against this decision is free and in time until the end of {sentences.day(until)} (UTC); "
            "a person decides it and gives reasons. A later one is kept, marked as late.",
        )
    output.paragraph(screen, f"Name this decision: {why['decision']['event']} (#{why['decision']['position']}).")


def _section(screen: Screen, title: str) -> None:
    screen.print()
    output.heading(screen, title)
