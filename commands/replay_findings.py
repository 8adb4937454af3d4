"""A finding in words on the page of `replay`: which it is, on what figures, and which event made the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from commands import sentences, text

Finding = Mapping[str, Any]
_SAME = ("type", "pro", "rule", "time", "ladder", "kind")


def named(event: Finding) -> str:
    """An event in words: `e-9 (#41, mission.no_show of m-3)`."""
    if event.get("position") is None:
        return str(event["event"])
    of = event.get("mission") or event.get("subject")
    return f"{event['event']} (#{event['position']}, {event['type']}{f' of {of}' if of else ''})"


def paired(
    missing: Sequence[Finding], extra: Sequence[Finding]
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """(findings that differ in their figures alone, both sides), and what is left of each side."""
    waiting: dict[tuple[Any, ...], list[Finding]] = {}
    for each in extra:
        waiting.setdefault(tuple(each.get(name) for name in _SAME), []).append(each)
    pairs, alone = [], []
    for each in missing:
        counterparts = waiting.get(tuple(each.get(name) for name in _SAME))
        if counterparts:
            pairs.append((each, counterparts.pop(0)))
        else:
            alone.append(each)
    taken = {id(new) for _, new in pairs}
    return pairs, alone, [each for each in extra if id(each) not in taken]


def finding_in_words(finding: Finding) -> str:
    """`pro-7 is warned under no_show on 12 March 2026, 08:00 UTC`."""
    removal = text.article(str(finding.get("kind") or "removal"))
    by = finding.get("by") or "engine"  # a person, where the finding is what a confirmed report leads to
    said = {
        "pro.warned": f"{finding['pro']} is warned",
        "pro.suspension_proposed": f"{removal} of {finding['pro']} is proposed",
        "pro.suspended": f"{'the engine' if by == 'engine' else by} decides {removal} of {finding['pro']}",
    }.get(finding["type"], f"{finding['type']} {finding['pro']}")
    return f"{said} under {finding['rule']} on {sentences.moment(finding['time'])}"


def _figures(finding: Finding) -> str:
    figures = finding.get("figures")
    return f", {sentences.figures_in_short(figures)}" if figures else ""


def gone(finding: Finding, proposals: Set[tuple[Any, ...]]) -> str:
    """What is recorded and does not follow, and why. `proposals`: those among it; any other is left to a person."""
    reasons = _reasons(finding["why"])
    if not reasons and finding["type"] == "pro.suspended":
        follows = proposal(finding) not in proposals
        reasons = ["its proposal follows, and is left to a person" if follows else "its proposal does not follow"]
    because = ": " + "; ".join(reasons) if reasons else ""
    return f"{finding_in_words(finding)}{_figures(finding)} (#{finding['position']}){because}"


def proposal(finding: Finding) -> tuple[Any, ...]:
    """What a proposal and the engine's decision on it have in common."""
    return tuple(finding.get(name) for name in ("pro", "rule", "kind", "time"))


def new(finding: Finding) -> str:
    """What follows and is not recorded, and because of what."""
    cause = finding.get("cause")
    itself = [each for each in finding["why"] if cause and each["position"] == cause["position"]]
    reasons = [f"because of {named(cause)}{''.join(_which(each) for each in itself)}"] if cause else []
    reasons += _reasons([{**each, "role": None} for each in finding["why"] if each not in itself])
    because = ": " + "; ".join(reasons) if reasons else ""
    return f"{finding_in_words(finding)}{_figures(finding)}{because}"


def _reasons(why: Sequence[Finding]) -> list[str]:
    """The events that made the difference, and what each is to the finding."""
    told = [f"{_ROLE.get(str(each.get('role')), '')}{_made(each)}" for each in why[:3]]
    return [*told, f"and {len(why) - 3:,} more"] if len(why) > 3 else told


def _made(each: Finding) -> str:
    # "it rests on e-9, which was voided"; on its own: "e-9 was voided"
    return named(each) + (_which(each) if str(each.get("role")) in _ROLE else f" {BECAUSE[each['because']]}")


def _which(each: Finding) -> str:
    return f", which {BECAUSE[each['because']]}"


_ROLE = {"evidence": "it rests on ", "policy": "it was judged by ", "baseline": "it was judged by "}


def moved(was: Finding, now: Finding) -> str:
    """What is found on both sides, and in what it differs."""
    figures = sorted(was["figures"].keys() | now["figures"].keys())
    differs = [
        f"{name.replace('_', ' ')} {_value(now, name)} instead of {_value(was, name)}"
        for name in figures
        if was["figures"].get(name) != now["figures"].get(name)
    ]
    if was.get("until") != now.get("until"):
        differs.append(f"until {_end(now)} instead of {_end(was)}")
    why = {each["position"]: each for each in (*was.get("why", ()), *now.get("why", ()))}
    reasons = _reasons([why[position] for position in sorted(why)])
    because = f"; {'; '.join(reasons)}" if reasons else ""
    return f"{finding_in_words(was)} (#{was['position']}): {', '.join(differs)}{because}"


def _value(finding: Finding, name: str) -> object:
    value = finding["figures"].get(name)
    return "none" if value is None else value


def _end(finding: Finding) -> str:
    return sentences.moment(finding["until"]) if finding.get("until") else "no set end"


BECAUSE = {
    "taken_away": "is taken away",
    "voided": "was voided",
    "left_out": "would be refused now",
    "recorded_later": "had happened before and was recorded later",
    "happened_later": "happened only later",
}
