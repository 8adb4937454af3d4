"""Reviews in words: what rests on which fact, why that no longer stands, and how a person closes it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from commands import reasons

Review = Mapping[str, Any]

_WHY: dict[str, str] = {
    "fact_voided": "declared wrong",
    "warning_voided": "the warning was withdrawn",
    "proposal_voided": "the proposal was withdrawn",
    "policy_withdrawn": "the policy version was withdrawn, and without it other numbers apply",
    "baseline_withdrawn": "the city's baseline was withdrawn, and without it other numbers apply",
    "rests_on_a_voided_event": "another event of the mission was declared wrong",
    "link_voided": "it is of another account since the link of the two was declared wrong",
    "no_show_rejected": "a person found that it did not happen",
    "no_show_set_aside": "set aside by what arrived late",
    "cancelled_in_time": "a cancellation in time arrived late",
    "cancellation_no_longer_counts": "the cancellation no longer counts",
    "rating_no_longer_counts": "the rating no longer counts",
    "report_dismissed": "a person dismissed the report",
    "excused_by_unavailability": "excused by an unavailability declared before",
    "no_longer_counts": "it no longer counts",
    "never_warned": "no warning was given before, and the charter gives one",
    "warning_after_second_no_show": "the one warning came only after the second no-show had happened",
    "procedural_defect": "it came about against the order the charter gives",
}


def why_in_words(review: Review) -> str:
    """Why it is to be reviewed: `declared wrong (#40, by ines: « wrong mission »)`."""
    words = _WHY.get(str(review["reason"])) or reasons.in_words(str(review["reason"]))
    cause = review.get("cause")
    if not cause:
        return words
    by = f", by {cause['by']}" if cause.get("by") else ""
    said = f": « {cause['reason']} »" if cause.get("reason") and cause.get("by") else ""
    return f"{words} (#{cause['position']}{by}{said})"


def defect_in_words(code: str) -> str:
    """What was wrong with how an exclusion came about."""
    return _WHY.get(code) or reasons.in_words(code)


def fact_in_words(review: Review) -> str:
    """What it rests on: `#12 no-show reported by the client, mission m-11`."""
    fact = review.get("fact")
    if not fact:
        return "its procedure"
    mission = f", mission {fact['mission']}" if fact.get("mission") else ""
    return f"#{fact['position']} {fact['summary']}{mission}"


def sentence(review: Review) -> str:
    """`The decision #30 under no_show rests on #12 …, which no longer stands: declared wrong (…).`"""
    rule = f" under {review['rule']}" if review.get("rule") else ""
    if not review.get("fact"):
        return f"The {review['kind']} #{review['position']}{rule}: {why_in_words(review)}."
    return (
        f"The {review['kind']} #{review['position']}{rule} rests on {fact_in_words(review)}, which no longer stands: "
        f"{why_in_words(review)}."
    )


def closing(review: Review) -> list[tuple[str, str, str]]:
    """(command, its call, what it does): how the review is settled, and what the rules would find without the fact."""
    pro = shlex.quote(str(review["pro"]))
    said = "--by NAME --reason TEXT"
    calls: list[tuple[str, str, str]] = []
    fact = review.get("fact")
    if fact and not str(fact["type"]).startswith("pro."):
        without = shlex.quote(str(fact["event"]))
        calls.append(("replay", f"replay {pro} --without {without}", "what the rules find without it"))
    if review["kind"] == "warning":
        return [*calls, ("void", f"void {shlex.quote('#' + str(review['position']))} {said}", "withdraws the warning")]
    rule = f" --rule {review['rule']}" if review.get("rule") else ""
    if review["kind"] == "proposal":
        return [
            *calls,
            ("decide", f"decide {pro} --suspend{rule} {said}", "decides as proposed"),
            ("decide", f"decide {pro} --dismiss {said}", "decides against every open proposal"),
        ]
    return [
        *calls,
        ("decide", f"decide {pro} --reinstate {said}", "gives access back"),
        ("decide", f"decide {pro} --suspend --kind KIND{rule} {said}", "keeps the decision: reviewed"),
    ]
