"""The events that made a pro's figures, and those that were set aside, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from commands import output, reasons, sentences
from commands.why_layout import AT_MOST, NARROW, at, rows, section

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
ROUTINE = ("mission.accepted", "mission.rated")
"""Evidence that is many and alike: acceptances below the line of a rate, ratings of a mean."""


def counted(screen: Screen, evidence: Sequence[Document], everything: bool, *, of: str, behind: str = "") -> None:
    """What counts; unless everything is asked for, of what is many and alike only how many and where.

    What is of another account than `of` is marked. `behind` names the figure where there are several.
    """
    telling = [each for each in evidence if each["type"] not in ROUTINE]
    routine = [each for each in evidence if each["type"] in ROUTINE]
    routine.sort(
        key=lambda each: str(each.get("summary")) if each["type"] == "mission.rated" else ""
    )  # fewest stars first
    if everything:
        shown, rest = [*telling, *routine], []
    elif telling:
        shown, rest = telling[-AT_MOST:], [*telling[:-AT_MOST], *routine]
    else:
        shown, rest = routine[:AT_MOST], routine[AT_MOST:]
    figure = f": {behind}" if behind else ""
    section(screen, f"The events that count{figure} ({len(evidence):,})")
    rows(screen, [_event(each, of) for each in shown])
    for event_type, group in groupby(sorted(rest, key=lambda each: str(each["type"])), key=lambda each: each["type"]):
        positions = sorted(each["position"] for each in group)
        more = "more " if any(each["type"] == event_type for each in shown) else ""
        number, _, noun = sentences.events_counted(event_type, len(positions)).partition(" ")
        output.paragraph(screen, f"and {number} {more}{noun} ({_span(positions)}); --all lists them", indent=NARROW)


def in_short(evidence: Sequence[Document]) -> str:
    """`1 cancellation (#54), 50 acceptances (#2 … #99)`."""
    of_type: dict[str, list[int]] = {}
    for each in sorted(evidence, key=lambda each: (each["type"] in ROUTINE, each["position"])):
        of_type.setdefault(str(each["type"]), []).append(each["position"])
    return ", ".join(
        f"{sentences.events_counted(name, len(places))} ({_span(places)})" for name, places in of_type.items()
    )


def _span(positions: Sequence[int]) -> str:
    return f"#{positions[0]}" if len(positions) == 1 else f"#{positions[0]} … #{positions[-1]}"


def _event(event: Document, of: str) -> tuple[str, ...]:
    recorded, time = sentences.stamp(event.get("recorded")), sentences.stamp(event.get("time"))
    late = f" (recorded {recorded})" if recorded[:10] and recorded[:10] != time[:10] and event.get("late") else ""
    mission = f"{event.get('mission') or ''}{sentences.other_account(event, of)}".strip()
    fell = " (no longer counts)" if event.get("fallen") else ""
    return (time, mission, str(event.get("summary") or event["type"]) + late + fell, at(event))


def set_aside(screen: Screen, aside: Iterable[Document]) -> None:
    """What does not count, by reason and type."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for each in aside:
        groups.setdefault((str(each.get("reason") or "not counted"), str(each["type"])), []).append(each)
    if not groups:
        return
    section(screen, "Set aside, and why")
    for (reason, event_type), events in groups.items():
        named = sorted({str(each["mission"]) for each in events if each.get("mission")})
        missions = f" ({', '.join(named)})" if 0 < len(named) <= 3 else ""
        number = sentences.events_counted(event_type, len(events))
        output.paragraph(screen, f"{number}{missions}: {reasons.in_words(reason)}", indent=NARROW)
