"""`why` for people: one screen from which somebody who never saw the platform understands what happened.

The order is that of a statement of reasons: who and since when, what happened in numbers, by which sentence, after
which warnings, on which events, what was left aside, under which policy, and what can be done now.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from commands import claims, output, reasons, review_sentences, sentences
from commands.text import escaped

if TYPE_CHECKING:
    from commands.screen import Screen

Document = Mapping[str, Any]
ROUTINE = ("mission.accepted", "mission.rated")
"""Evidence that is many and alike: acceptances below the line of a rate, ratings of a mean."""

AT_MOST = 8
NARROW = 2


def show(screen: Screen, why: Document, *, everything: bool, commands: Collection[str]) -> None:
    """Print the page. `commands` are those this program has, so that no advice names one it lacks."""
    decision, rule = why.get("decision"), why.get("rule")
    standing = why.get("standing") or {}
    output.paragraph(
        screen,
        sentences.access_sentence(why["pro"], why["access"], why.get("until") or standing.get("until"), decision),
        style="bold",
    )
    if standing.get("accounts"):
        output.paragraph(screen, f"One person with the accounts {', '.join(standing['accounts'])}.")
    if decision:
        output.paragraph(screen, sentences.decider_sentence(decision))
    for proposal in why.get("proposals") or ():
        output.paragraph(screen, sentences.proposal_sentence(proposal))
    if rule:
        _what_happened(screen, why, rule)
        _the_rule(screen, rule)
    _reports(screen, why.get("reports") or ())
    _documents(screen, why.get("documents_expired") or ())
    _reviews(screen, why.get("reviews") or ())
    _warnings(screen, why.get("warnings") or (), decision, everything)
    _decisions(screen, why, decision)
    if why.get("evidence"):
        _evidence(screen, why["evidence"], everything)
    if not rule:
        _where_it_stands(screen, why.get("checks") or ())
    _set_aside(screen, why.get("set_aside") or ())
    _anomalies(screen, why.get("anomalies") or ())
    _policy(screen, why)
    _next(screen, why, commands)


def _section(screen: Screen, title: str) -> None:
    screen.print()
    output.heading(screen, title)


def _what_happened(screen: Screen, why: Document, rule: Document) -> None:
    figures, thresholds = why.get("figures") or {}, why.get("thresholds") or {}
    said = [
        sentences.figures_sentence(rule.get("id"), figures, thresholds),
        sentences.ladder_sentence(figures, thresholds),
    ]
    if any(said):
        _section(screen, "What happened")
        output.paragraph(screen, " ".join(each for each in said if each), indent=NARROW)


def _the_rule(screen: Screen, rule: Document) -> None:
    _section(screen, f"The rule: {rule.get('id')}")
    if rule.get("text"):
        output.paragraph(screen, rule["text"], indent=NARROW)
    for number, citation in enumerate(rule.get("citations") or ()):
        if number == 0:
            output.paragraph(screen, f"{citation['document']}: « {citation['sentence']} »", indent=NARROW)
            output.paragraph(screen, f"In English: {citation['gloss']}", indent=NARROW)
        else:
            output.paragraph(screen, f"Also {citation['document']}: « {citation['sentence']} »", indent=NARROW)


def _warnings(screen: Screen, warnings: Sequence[Document], decision: Document | None, everything: bool) -> None:
    if not warnings:
        return
    before = decision is not None and all(each["position"] < decision["position"] for each in warnings)
    _section(screen, "Warnings before" if before else "Warnings")
    shown = warnings if everything else warnings[-AT_MOST:]
    if len(shown) < len(warnings):
        output.paragraph(screen, f"{len(warnings) - len(shown)} earlier ones: --all", indent=NARROW, style="dim")
    first = len(warnings) - len(shown) + 1
    rows = [
        (
            f"{number}.",
            sentences.date_only(each.get("time")),
            each.get("rule"),
            sentences.figures_in_short(each.get("figures") or {}),
            _until(each),
            f"#{each.get('position')}",
        )
        for number, each in enumerate(shown, first)
    ]
    _rows(screen, rows)


def _until(warning: Document) -> str:
    if not warning.get("on_ladder", True):
        return "no longer counts"  # a reinstatement began the ladder anew
    return f"{'expired' if warning.get('expired') else 'expires'} {sentences.expiry(warning)}"


def _decisions(screen: Screen, why: Document, decision: Document | None) -> None:
    """What was decided before, and by whom; the decision in force stands at the head of the page."""
    now = decision["position"] if decision else None
    before = [each for each in why.get("decisions") or () if each["position"] != now]
    if not before:
        return
    since = now is not None and any(each["position"] > now for each in before)
    _section(screen, "Also decided" if since else "Decided before" if decision else "Decided")
    rows = []
    for each in before:
        reason = f": {each['reason']}" if each.get("reason") else ""
        told = f"{each['summary']}{reason}{_standing_of(each)}"
        rows.append((sentences.stamp(each.get("time")), told, f"#{each['position']}"))
    _rows(screen, rows)


def _standing_of(decision: Document) -> str:
    """What became of a decision since: withdrawn, dated back, resting on facts that fell, or ended."""
    notes = [words for key, words in (("voided", "voided"), ("dated_back", "dated back")) if decision.get(key)]
    fallen = ", ".join(f"#{each['position']}" for each in decision.get("fallen") or ())
    if fallen:
        notes.append(f"rests on {fallen}, no longer standing")
    if decision.get("defect"):
        notes.append(f"defect of procedure: {review_sentences.defect_in_words(decision['defect'])}")
    if decision.get("ended_by"):
        ended = decision["ended_by"]
        notes.append(f"ended {sentences.stamp(ended['time'])}: {ended['summary']}, #{ended['position']}")
    elif decision.get("until"):
        notes.append(f"until {sentences.stamp(decision['until'])}")
    return f" ({'; '.join(notes)})" if notes else ""


def _reports(screen: Screen, reports: Sequence[Document]) -> None:
    """What somebody reported of the pro's conduct and nobody has ruled on."""
    if not reports:
        return
    _section(screen, "Reports of conduct that wait for a person")
    rows = [
        (sentences.stamp(each["time"]), each["ground"].replace("_", " "), each["mission"] or "", _at(each))
        for each in reports[:AT_MOST]
    ]
    _rows(screen, rows)


def _documents(screen: Screen, expired: Sequence[Document]) -> None:
    """What is missing today, whichever of them the restriction was first decided for."""
    if not expired:
        return
    _section(screen, "Documents that are expired now")
    _rows(screen, [(sentences.stamp(each["time"]), each["kind"].replace("_", " "), _at(each)) for each in expired])


def _reviews(screen: Screen, reviews: Sequence[Document]) -> None:
    """What rests on facts that fell: nothing is reinstated by itself, a person looks again."""
    if not reviews:
        return
    _section(screen, "To be reviewed")
    for each in reviews[:AT_MOST]:
        output.paragraph(screen, review_sentences.sentence(each), indent=NARROW)
    if len(reviews) > AT_MOST:
        output.paragraph(screen, f"and {len(reviews) - AT_MOST} more; reviews --pro lists them", indent=NARROW)


def _evidence(screen: Screen, evidence: Sequence[Document], everything: bool) -> None:
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
    _section(screen, f"The events that count ({len(evidence):,})")
    _rows(screen, [_event(each) for each in shown])
    for event_type, group in groupby(sorted(rest, key=lambda each: str(each["type"])), key=lambda each: each["type"]):
        positions = sorted(each["position"] for each in group)
        span = f"#{positions[0]}" if len(positions) == 1 else f"#{positions[0]} … #{positions[-1]}"
        more = "more " if any(each["type"] == event_type for each in shown) else ""
        counted = sentences.events_counted(event_type, len(positions))
        number, _, noun = counted.partition(" ")
        output.paragraph(screen, f"and {number} {more}{noun} ({span}); --all lists them", indent=NARROW)


def _event(event: Document) -> tuple[str, ...]:
    recorded, time = sentences.stamp(event.get("recorded")), sentences.stamp(event.get("time"))
    late = f" (recorded {recorded})" if recorded[:10] and recorded[:10] != time[:10] and event.get("late") else ""
    return (time, str(event.get("mission") or ""), str(event.get("summary") or event["type"]) + late, _at(event))


def _at(event: Document) -> str:
    return f"#{event['position']}"


def _set_aside(screen: Screen, set_aside: Iterable[Document]) -> None:
    groups: dict[tuple[str, str], list[Document]] = {}
    for each in set_aside:
        groups.setdefault((str(each.get("reason") or "not counted"), str(each["type"])), []).append(each)
    if not groups:
        return
    _section(screen, "Set aside, and why")
    for (reason, event_type), events in groups.items():
        named = sorted({str(each["mission"]) for each in events if each.get("mission")})
        missions = f" ({', '.join(named)})" if 0 < len(named) <= 3 else ""
        counted = sentences.events_counted(event_type, len(events))
        output.paragraph(screen, f"{counted}{missions}: {reasons.in_words(reason)}", indent=NARROW)


def _anomalies(screen: Screen, anomalies: Sequence[Document]) -> None:
    if not anomalies:
        return
    _section(screen, "To be cleared up")
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


def _where_it_stands(screen: Screen, checks: Iterable[Document]) -> None:
    """Without a decision: each figure of today beside the bounds that its rules read."""
    figures: dict[tuple[str, str], Document] = {}
    bounds: dict[tuple[str, str], dict[str, Any]] = {}
    for check in checks:
        family = sentences.family_of(str(check["rule"]))
        city = "" if family == "no_show" else str(check["figures"].get("city") or "")
        figures.setdefault((family, city), check["figures"])
        bounds.setdefault((family, city), {}).update(check["thresholds"])
    if not figures:
        return
    _section(screen, "Where this pro stands")
    rows = [
        (
            sentences.figure_named(family) + (f" in {city}" if city else ""),
            sentences.figures_in_short(
                {name: value for name, value in figures[family, city].items() if name != "city"}
            ),
            sentences.bounds_in_short(bounds[family, city]),
        )
        for family, city in sorted(figures, key=lambda key: (key[1], key[0]))
    ]
    _rows(screen, rows)


def _next(screen: Screen, why: Document, commands: Collection[str]) -> None:
    pro = shlex.quote(str(why["pro"]))
    decision = why.get("decision")
    adverse = next((each for each in why.get("evidence") or () if each["type"] not in ROUTINE), None)
    advice: list[tuple[str, str, str]] = []
    if decision:
        advice.append(("complaint", f"complaint open {pro}", "the pro contests the decision"))
    reviewed = why.get("reviews") or ()
    if any(each["kind"] == "decision" for each in reviewed):
        advice.append(("reviews", f"reviews --pro {pro}", "how the review is closed"))
    if why.get("proposals"):
        verbs = "--suspend|--dismiss"
        advice.append(("decide", f"decide {pro} {verbs} --by NAME --reason TEXT", "a person decides the proposal"))
    elif decision:
        advice.append(("decide", f"decide {pro} --reinstate --by NAME --reason TEXT", "a person gives access back"))
    advice += [("record", call, f"or {other}: a person rules") for call, other in claims.to_rule(why)[:2]]
    if adverse is not None:
        event = shlex.quote(str(adverse["event"]))
        advice.append(("replay", f"replay {pro} --without {event}", "the same without this event"))
    rule = why.get("rule")
    if rule:
        advice.append(("rules", f"rules {rule.get('id')}", "what the charter leaves open"))
    advice.append(("timeline", f"timeline {pro}", "everything in order"))
    _section(screen, "What can be done")
    _rows(screen, [(f"mission-ledger {call}", words) for name, call, words in advice if name in commands])


def _rows(screen: Screen, rows: Sequence[Sequence[object]]) -> None:
    """Rows without a frame, indented; the columns as wide as they need."""
    from rich.cells import cell_len

    safe = [[escaped(cell) if cell is not None else "" for cell in row] for row in rows]
    widths = [max(cell_len(row[index]) for row in safe) for index in range(len(safe[0]))] if safe else []
    for row in safe:
        padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        screen.print(" " * NARROW + "  ".join(padded).rstrip())
