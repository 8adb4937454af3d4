"""Where a pro stands without a decision: each figure of today, its bounds, and the events that made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from commands import output, sentences, why_events
from commands.why_layout import NARROW, rows, section

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
Figure = tuple[str, str]
"""A family of rules that look at one figure, and the city; no-shows are of all cities together."""


def show(screen: Screen, why: Document) -> None:
    """Each figure of today beside the bounds that its rules read."""
    figures: dict[Figure, Document] = {}
    baselines: dict[str, Document] = {}
    bounds: dict[Figure, dict[str, Any]] = {}
    for check in why.get("checks") or ():
        figure = _figure(check)
        figures.setdefault(figure, check["figures"])
        if check.get("baseline"):
            baselines[figure[1]] = check["baseline"]
        bounds.setdefault(figure, {}).update(check["thresholds"])
    if not figures:
        return
    section(screen, "Where this pro stands")
    told = [
        (
            _named(figure),
            sentences.figures_in_short({name: value for name, value in figures[figure].items() if name != "city"}),
            sentences.bounds_in_short(bounds[figure]),
        )
        for figure in sorted(figures, key=_by_city)
    ]
    rows(screen, told)
    for baseline in baselines.values():
        output.paragraph(screen, sentences.baseline_sentence(baseline), indent=NARROW)


def events(screen: Screen, why: Document, *, everything: bool) -> None:
    """What each figure counts: its events where everything is asked for, else how many and where they stand."""
    known = {each["position"]: each for each in why.get("evidence") or ()}
    counted: dict[Figure, dict[int, Document]] = {}
    for check in why.get("checks") or ():
        found = {each: known[each] for each in check.get("evidence") or () if each in known}
        counted.setdefault(_figure(check), {}).update(found)
    figures = [each for each in sorted(counted, key=_by_city) if counted[each]]
    if everything:
        for figure in figures:
            of_figure = list(counted[figure].values())
            why_events.counted(screen, of_figure, everything, of=why["pro"], behind=_named(figure))
    elif figures:
        section(screen, "The events that count")
        rows(screen, [(_named(each), why_events.in_short(list(counted[each].values()))) for each in figures])
        output.paragraph(screen, "--all lists them", indent=NARROW)


def _figure(check: Document) -> Figure:
    family = sentences.family_of(str(check["rule"]))
    return family, "" if family == "no_show" else str(check["figures"].get("city") or "")


def _named(figure: Figure) -> str:
    family, city = figure
    return sentences.figure_named(family) + (f" in {city}" if city else "")


def _by_city(figure: Figure) -> tuple[str, str]:
    return figure[1], figure[0]
