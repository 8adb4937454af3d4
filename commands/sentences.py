"""The numbers in words: every sentence about a pro's figures, warnings, decisions and events, in one place.

Each works on the documents of `why`, `standing` and `warnings` (contract, section 4) and tolerates what they leave
out. Nothing is judged here: a sentence puts a figure beside the bound that was read, and does not compare them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from commands import rule_sentences

Document = Mapping[str, Any]


# -- instants, numbers, nouns -----------------------------------------------------------------------------------------


def moment(text: str | None) -> str:
    """`12 March 2026, 08:00 UTC`."""
    at = _utc(text)
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M} UTC" if at else str(text or "an unknown time")


def day(text: str | None) -> str:
    """`12 March 2026`."""
    at = _utc(text)
    return f"{at.day} {at:%B} {at.year}" if at else str(text or "an unknown day")


def stamp(text: str | None) -> str:
    """`2026-03-12 08:00`, for tables; UTC."""
    at = _utc(text)
    return f"{at:%Y-%m-%d %H:%M}" if at else str(text or "")


def date_only(text: str | None) -> str:
    """`2026-03-12`, for tables; UTC."""
    return stamp(text)[:10]


def expiry(warning: Mapping[str, Any]) -> str:
    """Until when a warning counts: a date, or that it does not expire."""
    text = warning.get("expires_at")
    return date_only(text) if text else "never"


def counts_until(warning: Mapping[str, Any], shown: Callable[[str], str] = date_only) -> str:
    """When a warning ceases to count: at an instant, never, or already, as a reinstatement began its ladder anew."""
    if not warning.get("on_ladder", True):
        return "no longer counts"
    text = warning.get("expires_at")
    return shown(text) if text else "never"


def _utc(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None


def percent(share: object) -> str:
    """A share as the policy spells it, as people read it: `0.06` → `6.00 %`; a fraction stays one."""
    try:
        hundredfold = Decimal(str(share)) * 100
    except InvalidOperation:
        return str(share)
    digits = f"{hundredfold.normalize():f}"
    decimals = len(digits.partition(".")[2])
    return f"{hundredfold:.{max(decimals, 2)}f} %"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 warning`, `3 warnings`, `1,204 acceptances`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def _where(figures: Document) -> str:
    return f" in {figures['city']}" if figures.get("city") else ""


# -- what a rule looked at --------------------------------------------------------------------------------------------


def figures_sentence(rule: str | None, figures: Document, thresholds: Document) -> str:
    """What happened, with the numbers: `3 of 47 accepted missions in paris were cancelled = 6.38 %; the city's …`."""
    write = _SENTENCES.get(rule or "") or (rule_sentences.conduct if (rule or "").startswith("conduct.") else None)
    if write is None or not figures:
        return _any_figures(figures)
    return write(figures, thresholds)


def _no_shows(figures: Document, thresholds: Document) -> str:
    number = figures.get("no_shows", 0)
    sentence = f"{count(number, 'mission was', 'missions were')} missed without having been cancelled (no-shows)."
    if figures.get("procedural_defect") == "never_warned":
        sentence += " Procedural defect: no warning was given before."
    elif figures.get("procedural_defect"):
        sentence += " Procedural defect: the one warning came only after the second of them had happened."
    bounds = []
    if "no_show.warn_at" in thresholds:
        bounds.append(f"warns at {thresholds['no_show.warn_at']}")
    if "no_show.exclude_at" in thresholds:
        bounds.append(f"excludes at {thresholds['no_show.exclude_at']}")
    return f"{sentence} The policy {' and '.join(bounds)}." if bounds else sentence


def _rate(figures: Document, thresholds: Document) -> str:
    accepted, cancelled = figures.get("accepted", 0), figures.get("cancelled", 0)
    missed = figures.get("no_shows", 0)
    if missed and cancelled:
        happened = f"were cancelled or missed ({cancelled} cancelled, {missed} missed)"
    else:
        happened = "were missed" if missed else "were cancelled"
    noun = "mission" if accepted == 1 else "missions"
    share = f" = {figures['percent']} %" if figures.get("percent") is not None else ""
    sentence = f"{cancelled + missed} of {accepted} accepted {noun}{_where(figures)} {happened}{share}"
    bounds = []
    if "cancellation.maximum" in thresholds:
        bounds.append(f"maximum is {percent(thresholds['cancellation.maximum'])}")
    if "cancellation.average" in thresholds:
        bounds.append(f"average {'is ' if not bounds else ''}{percent(thresholds['cancellation.average'])}")
    return f"{sentence}; the city's {', its '.join(bounds)}." if bounds else f"{sentence}."


def _rating(figures: Document, thresholds: Document) -> str:
    rated, stars = figures.get("rated", 0), figures.get("stars", 0)
    mean = f" = {figures['mean']}" if figures.get("mean") is not None else ""
    last = "The last rated mission" if rated == 1 else f"The last {rated} rated missions"
    sentence = f"{last}{_where(figures)} brought {stars} stars, a mean of {stars}/{rated}{mean}"
    bounds = []
    if "rating.minimum" in thresholds:
        bounds.append(f"the city's minimum is {thresholds['rating.minimum']}")
    if "rating.approach_margin" in thresholds:
        bounds.append(f"a warning comes from less than {thresholds['rating.approach_margin']} above it")
    return f"{sentence}; {', '.join(bounds)}." if bounds else f"{sentence}."


def _any_figures(figures: Document) -> str:
    parts = [f"{name.replace('_', ' ')}: {value}" for name, value in figures.items() if value is not None]
    return "; ".join(parts) + "." if parts else ""


_SENTENCES: dict[str, Callable[[Document, Document], str]] = {
    "no_show": _no_shows,
    "cancellation.rate": _rate,
    "rating.minimum": _rating,
    "rating.approaching": _rating,
    "rating.negative": rule_sentences.negative,
    "cancellation.late": rule_sentences.late,
    "documents.expired": rule_sentences.documents,
}


def what_happened(why: Document) -> str:
    """The figures of the account beside their bounds, where these come from, and the warnings by then."""
    figures, thresholds = why.get("figures") or {}, why.get("thresholds") or {}
    said = figures_sentence((why.get("rule") or {}).get("id"), figures, thresholds)
    baseline = baseline_sentence(why["baseline"]) if said and why.get("baseline") else ""
    return " ".join(each for each in (said, baseline, ladder_sentence(figures, thresholds)) if each)


def baseline_sentence(baseline: Document) -> str:
    """Which event gave a city's bounds: they are not those of the policy that is named beside them."""
    return (
        f"These bounds of {baseline['city']} are those of its baseline of {day(baseline['time'])} "
        f"(#{baseline['position']}, event {baseline['event']})."
    )


def ladder_sentence(figures: Document, thresholds: Document) -> str:
    """How many warnings counted by then, and how many the policy gives before access is lost."""
    unexpired = figures.get("unexpired_warnings")
    if unexpired is None or "warnings.max" not in thresholds:
        return ""
    last = f", the last of {day(figures['last_warning_at'])}" if figures.get("last_warning_at") else ""
    return (
        f"{count(unexpired, 'earlier warning')} had not expired by then{last}; "
        f"the policy gives {thresholds['warnings.max']} before access is lost."
    )


def figures_in_short(figures: Document) -> str:
    """For a table: `paris: 2 of 40 = 5.00 %`, `lyon: 4.12 stars over 50`, `1 no-show`."""
    place = f"{figures['city']}: " if figures.get("city") else ""
    if figures.get("accepted") == 0:
        return f"{place}no mission accepted"
    if figures.get("rated") == 0:
        return f"{place}no mission rated"
    if "rate" in figures:
        return f"{place}{str(figures['rate']).replace('/', ' of ')} = {figures.get('percent')} %"
    if "stars" in figures:
        return f"{place}{figures.get('mean')} stars over {figures.get('rated')}"
    if "no_shows" in figures:
        return f"{count(figures['no_shows'], 'no-show')}"
    if "late" in figures:
        return f"{place}{count(figures['late'], 'late cancellation')}"
    if "confirmed" in figures:
        waiting = [f"{count(figures['reports'], 'report')} waiting for a person"] if figures.get("reports") else []
        found = [count(figures["confirmed"], "confirmed report")] if figures["confirmed"] or not waiting else []
        return ", ".join([*found, *waiting])
    if "expired" in figures:
        return count(figures["expired"], "expired document")
    if "clients" in figures:
        return f"{place}{count(figures['clients'], 'client')} rated badly"
    return _any_figures(figures).rstrip(".")


# -- events -----------------------------------------------------------------------------------------------------------


def other_account(event: Document, pro: str) -> str:
    """` (kim)` behind an event of another account of the person than the one asked about; else nothing."""
    account = event.get("pro")
    return f" ({account})" if account and account != pro else ""


_NOUNS: dict[str, tuple[str, str]] = {
    "mission.requested": ("request", "requests"),
    "mission.refused": ("refusal", "refusals"),
    "mission.expired": ("lapsed proposal", "lapsed proposals"),
    "mission.accepted": ("acceptance", "acceptances"),
    "mission.rescheduled": ("reschedule", "reschedules"),
    "mission.cancelled": ("cancellation", "cancellations"),
    "mission.delayed": ("announced delay", "announced delays"),
    "mission.client_absent": ("client's absence", "client's absences"),
    "mission.no_show": ("no-show report", "no-show reports"),
    "mission.no_show_confirmed": ("confirmed no-show", "confirmed no-shows"),
    "mission.completed": ("completion", "completions"),
    "mission.rated": ("rating", "ratings"),
    "mission.damage_declared": ("declared damage", "declared damages"),
    "mission.damage_document_added": ("damage document", "damage documents"),
    "pro.conduct_reported": ("conduct report", "conduct reports"),
}


def events_counted(event_type: str, number: int) -> str:
    """`12 refusals`, `1 cancellation`."""
    singular, plural = _NOUNS.get(event_type, (f"{event_type} event", f"{event_type} events"))
    return count(number, singular, plural)


# -- where a pro stands -----------------------------------------------------------------------------------------------

_FAMILIES = {
    "no_show": "no-shows",
    "cancellation.rate": "cancellation rate",
    "cancellation.late": "late cancellations",
    "rating": "mean rating",
    "rating.negative": "negative reviews",
}


def family_of(rule: str) -> str:
    """Rules that look at the same figure: both bounds of the mean rating are one line."""
    return "rating" if rule in ("rating.minimum", "rating.approaching") else rule


def figure_named(family: str) -> str:
    """What the rules of a family look at: `cancellation rate`."""
    return _FAMILIES.get(family, family.replace("_", " "))


def bounds_in_short(thresholds: Document) -> str:
    """The bounds that were read, for a table: `average 4.00 %, maximum 6.00 %, judged from 20 accepted`."""
    said = [write(thresholds[path]) for path, write in _BOUNDS.items() if path in thresholds]
    if {"rating.minimum", "rating.approach_margin"} <= thresholds.keys():
        said.insert(1, f"warned below {_sum(thresholds['rating.minimum'], thresholds['rating.approach_margin'])}")
    return ", ".join(said)


def _sum(minimum: object, margin: object) -> str:
    try:
        return str(Decimal(str(minimum)) + Decimal(str(margin)))
    except InvalidOperation:
        return f"{minimum} + {margin}"


_BOUNDS: dict[str, Callable[[Any], str]] = {
    "no_show.warn_at": lambda number: f"warns at {number}",
    "no_show.exclude_at": lambda number: f"excludes at {number}",
    "cancellation.average": lambda share: f"average {percent(share)}",
    "cancellation.maximum": lambda share: f"maximum {percent(share)}",
    "late_cancellation.count": lambda number: f"restricts at {number}",
    "late_cancellation.window_days": lambda number: f"looks back {number} days",
    "negative_reviews.count": lambda number: f"suspends at {number}",
    "negative_reviews.window": lambda number: f"looks at the last {number} rated",
    "cancellation.min_accepted": lambda number: f"judged from {number} accepted",
    "rating.minimum": lambda stars: f"minimum {stars}",
    "rating.min_ratings": lambda number: f"judged from {number} ratings",
}
