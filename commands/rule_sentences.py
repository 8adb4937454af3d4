"""What a rule without a ladder looked at, in one sentence: late cancellations, negative reviews, conduct, documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]


def late(figures: Document, thresholds: Document) -> str:
    """`3 cancellations in lyon less than 24 hours before the start, within 30 days; the policy restricts at 3 …`."""
    number = figures.get("late", 0)
    noun = "mission was" if number == 1 else "missions were"
    hours = thresholds.get("late_cancellation.threshold_hours")
    before = f"{hours} hours" if hours is not None else "the hours that the policy of its time gives"
    sentence = f"{number} {noun} cancelled{_where(figures)} less than {before} before "
    sentence += f"the start, within {_of(thresholds, 'window_days')} days"
    if "late_cancellation.count" not in thresholds:
        return f"{sentence}."
    return (
        f"{sentence}; the policy restricts at {thresholds['late_cancellation.count']}, for "
        f"{_of(thresholds, 'restrict_hours')} hours."
    )


def _of(thresholds: Document, name: str) -> str:
    return str(thresholds.get(f"late_cancellation.{name}", "the policy's"))


def negative(figures: Document, thresholds: Document) -> str:
    """`3 clients rated with 2 stars or less among the last 20 rated missions in lyon; the policy suspends at 3.`"""
    number, rated = figures.get("clients", 0), figures.get("rated", 0)
    stars = thresholds.get("negative_reviews.max_stars")
    bad = f"with {stars} {'star' if stars == 1 else 'stars'} or less" if stars is not None else "badly"
    sentence = f"{number} different {'client' if number == 1 else 'clients'} rated {bad} among the last {rated} rated "
    sentence += f"missions{_where(figures)}"
    count = thresholds.get("negative_reviews.count")
    return f"{sentence}; the policy suspends at {count}." if count is not None else f"{sentence}."


def conduct(figures: Document, thresholds: Document) -> str:
    """`1 report waits for a person.` or `2 reports were confirmed by a person.`"""
    waiting, found = figures.get("reports", 0), figures.get("confirmed", 0)
    said = []
    if found:
        said.append(f"{found} {'report was' if found == 1 else 'reports were'} confirmed by a person")
    if waiting:
        said.append(f"{waiting} {'report waits' if waiting == 1 else 'reports wait'} for a person")
    return "; ".join(said).capitalize() + "." if said else ""


def documents(figures: Document, thresholds: Document) -> str:
    """`1 document had expired and was not verified again; that is no fault.`"""
    number = figures.get("expired", 0)
    had = "document had expired and was" if number == 1 else "documents had expired and were"
    return f"{number} {had} not verified again; that is no fault, and the restriction ends with the verification."


def _where(figures: Document) -> str:
    return f" in {figures['city']}" if figures.get("city") else ""
