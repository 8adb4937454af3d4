"""One short line per event for the accounts people read; ids, numbers and enums only, never personal text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger.events.catalogue import TYPES

Data = dict[str, Any]


def summary(event_type: str, data: Data) -> str:
    """What happened, in a few words: `cancelled by the pro`."""
    special = _SUMMARIES.get(event_type)
    return special(data) if special else event_type.partition(".")[2].replace("_", " ")


def _cancelled(data: Data) -> str:
    return f"cancelled by the {data['by']}{' (excused)' if data.get('excused') else ''}"


def _rated(data: Data) -> str:
    return f"{data['by']} gave {data['stars']} star{'' if data['stars'] == 1 else 's'}"


def _duration(data: Data) -> str:
    added = sum(1 for _ in data.get("added") or ())
    more = f", {added} service{'' if added == 1 else 's'} added" if added else ""
    return f"duration changed to {data['duration_minutes']} minutes ({data['reason'].replace('_', ' ')}){more}"


def _damage(data: Data) -> str:
    informed = data.get("client_informed")
    return "damage declared" + ("" if informed is None else f", client {'' if informed else 'not yet '}informed")


def _adjusted(data: Data) -> str:
    if data.get("refund"):
        parts = f" in {data['parts']} parts" if data.get("parts") else ""
        return f"{data['refund']['amount']} {data['refund']['currency']} given back{parts} by {data.get('by')}"
    return f"billed for {data['duration_minutes']} minutes by {data.get('by')}"


_SUMMARIES: dict[str, Callable[[Data], str]] = {
    "mission.requested": lambda data: f"requested in {data['city']} ({data['service']}) for {data['starts_at']}",
    "mission.refused": lambda data: f"refused by {data['pro']}",
    "mission.expired": lambda data: f"proposal to {data['pro']} lapsed",
    "mission.accepted": lambda data: f"accepted by {data['pro']}",
    "mission.rescheduled": lambda data: f"rescheduled by the {data['by']} to {data['starts_at']}",
    "mission.cancelled": _cancelled,
    "mission.delayed": lambda data: f"pro announced {data['minutes']} minutes of delay",
    "mission.checked_in": lambda data: "checked in" + (" (not verified)" if data.get("verified") is False else ""),
    "mission.client_absent": lambda data: "client absent, declared by the pro",
    "mission.no_show": lambda data: f"no-show reported by the {data['reported_by']}",
    "mission.no_show_confirmed": lambda data: f"no-show confirmed by {data['by']}",
    "mission.no_show_rejected": lambda data: f"no-show rejected by {data['by']}",
    "mission.completed": lambda data: f"completed, {data['duration_minutes']} minutes",
    "mission.duration_modified": _duration,
    "mission.rated": _rated,
    "mission.damage_declared": _damage,
    "billing.adjusted": _adjusted,
    "billing.period_closed": lambda data: f"closed by {data['by']}, {data['lines']} entries",
    "mission.damage_document_added": lambda data: f"damage document: {data['kind'].replace('_', ' ')}",
    "city.baseline_published": lambda data: (
        f"baseline published: average {data['average_cancellation_rate']}, "
        f"maximum {data['maximum_cancellation_rate']}, minimum rating {data['minimum_rating']}"
    ),
    "policy.published": lambda data: f"policy version {data['version']} published",
    "pro.document_verified": lambda data: f"{data['kind'].replace('_', ' ')} verified",
    "pro.document_expired": lambda data: f"{data['kind'].replace('_', ' ')} expired",
    "pro.unavailable": lambda data: f"unavailable from {data['starts_at']} to {data['ends_at']}",
    "pro.conduct_reported": lambda data: f"{data['ground'].replace('_', ' ')} reported",
    "pro.conduct_confirmed": lambda data: f"report confirmed by {data['by']}",
    "pro.conduct_dismissed": lambda data: f"report dismissed by {data['by']}",
    "pro.accounts_linked": lambda data: f"linked with {', '.join(data['accounts'])} by {data['by']}",
    "pro.warned": lambda data: f"warned: {data['rule']}",
    "pro.suspension_proposed": lambda data: f"{data['kind']} proposed: {data['rule']}",
    "pro.suspended": lambda data: f"{data['kind']} by {data.get('by')}",
    "pro.reinstated": lambda data: f"reinstated by {data.get('by')}",
    "pro.suspension_dismissed": lambda data: f"proposal dismissed by {data.get('by')}",
    "pro.complaint_decided": lambda data: f"complaint {data['outcome'].replace('_', ' ')} by {data['by']}",
}
assert set(TYPES) >= _SUMMARIES.keys()
