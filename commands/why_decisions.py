"""What was decided about a pro beside the decision in force, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands import decision_sentences, review_sentences, sentences
from commands.why_layout import rows, section

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]


def show(screen: Screen, why: Document, decision: Document | None) -> None:
    """What was decided before, and by whom; the decision in force stands at the head of the page."""
    now = decision["position"] if decision else None
    before = [each for each in why.get("decisions") or () if each["position"] != now]
    if not before:
        return
    since = now is not None and any(each["position"] > now for each in before)
    section(screen, "Also decided" if since else "Decided before" if decision else "Decided")
    told = []
    for each in before:
        reason = f": {each['reason']}" if each.get("reason") else ""
        words = f"{each['summary']}{reason}{_standing_of(each)}{sentences.other_account(each, why['pro'])}"
        told.append((sentences.stamp(each.get("time")), words, f"#{each['position']}"))
    rows(screen, told)


def _standing_of(decision: Document) -> str:
    """What became of a decision since: withdrawn, dated back, resting on facts that fell, or ended."""
    notes = [words for key, words in (("voided", "voided"), ("dated_back", "dated back")) if decision.get(key)]
    fallen = ", ".join(f"#{each['position']}" for each in decision.get("fallen") or ())
    if fallen:
        notes.append(f"rests on {fallen}, no longer standing")
    if decision.get("defect"):
        notes.append(f"defect of procedure: {review_sentences.defect_in_words(decision['defect'])}")
    notes += decision_sentences.notice_in_short(decision)
    notes += [
        f"the {each['kind']} under {each['rule']}, #{each['position']}" for each in decision.get("dismissed") or ()
    ]
    if decision.get("ended_by"):
        notes.append(_ended(decision["ended_by"]))
    elif decision.get("ran_out"):
        notes.append(f"ran out {sentences.stamp(decision['ran_out'])}")
    elif decision.get("until"):
        notes.append(f"until {sentences.stamp(decision['until'])}")
    return f" ({'; '.join(notes)})" if notes else ""


def _ended(by: Document) -> str:
    """By which event, and when; one that is dated before what it ended did so when it was recorded."""
    time = sentences.stamp(by["time"])
    if not by.get("dated_back"):
        return f"ended {time}: {by['summary']}, #{by['position']}"
    return (
        f"ended when #{by['position']} was recorded, {sentences.stamp(by['recorded'])}: {by['summary']}, dated {time}"
    )
