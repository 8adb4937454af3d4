"""Which events bear on which rule: a rating moves no cancellation rate, so it never made the difference there."""

from __future__ import annotations

from ledger.events.catalogue import topics_of

BOUND_RULES = frozenset({"cancellation.rate", "rating.minimum", "rating.approaching"})
"""Rules that read what a city's baseline says."""
OF_NO_CITY = ("no_show", "conduct.", "documents.")
"""How the rules begin that count over all cities."""
UNCOUNTED = frozenset(
    f"mission.{name}" for name in ("refused", "expired", "delayed", "damage_declared", "damage_document_added")
)
"""What moves no figures at all."""
UNCOUNTED_TOPICS = topics_of([*UNCOUNTED, "mission.requested"])
"""The same as stored, with requests: one moves figures only where it is missing."""

_OF_BILLS = frozenset({"mission.duration_modified", "billing.adjusted"})
_OF_PRESENCE = frozenset({"mission.completed", "mission.checked_in", "mission.client_absent"})
"""What may decide whether its own mission was missed, and moves no other figure but those of ratings."""


def bears_on(event_type: str, rule: str, *, adverse: bool) -> bool:
    """Whether an event of a mission may move the figures that a rule reads.

    `adverse`: the finding rests on more of this mission than that it was accepted.
    """
    if event_type in UNCOUNTED or event_type in _OF_BILLS:
        return False
    if rule.startswith("rating."):
        return True
    if event_type in _OF_PRESENCE and not adverse:
        return False
    return rule.startswith(("cancellation.", "no_show")) and event_type != "mission.rated"


def city_of(rule: str, city: str | None) -> str | None:
    """The city that a finding under a rule counts in; None where it counts over all."""
    return None if rule.startswith(OF_NO_CITY) else city


def ladder_of(rule: str) -> str:
    """What warnings under a rule count against together."""
    return "rating" if rule in BOUND_RULES and rule.startswith("rating.") else rule
