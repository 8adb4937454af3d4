"""Which of both speeds a replay takes: plain Python, or compiled code over columns. They give the same answers.

A small ledger never waits for a compiler: importing it alone takes longer than telling some thousand events.
"""

from __future__ import annotations

from ledger.rulebook import RULES

AUTOMATIC, PLAIN, COMPILED = "auto", "plain", "compiled"
SPEEDS = (AUTOMATIC, PLAIN, COMPILED)

KNOWN_TO_BOTH = frozenset(
    {
        "no_show",
        "cancellation.rate",
        "cancellation.late",
        "rating.minimum",
        "rating.approaching",
        "rating.negative",
        "documents.expired",
    }
)
"""The rules that the compiled code asks (`projections/compiled/asking.py`). Those about conduct follow a person's word,

and pros about whom a person said anything are always told in plain Python.
"""

COMPILED_FROM = 60_000
"""Events from which on the compiled code is quicker, even with its start."""


def compiles(speed: str, events: int) -> bool:
    """Whether all pros of so many events are told by compiled code; never while it does not know a rule."""
    if any(rule.id not in KNOWN_TO_BOTH and not rule.id.startswith("conduct.") for rule in RULES):
        return False
    return speed == COMPILED or (speed == AUTOMATIC and events >= COMPILED_FROM)


COMPILED_MONTH_FROM = 30_000
"""Entries of a closed month from which on the compiled code is quicker, even with its start …"""
EVENTS_FOR_AN_ENTRY = 50
"""… unless the log, which it reads whole, has more events than so many for each of them."""


def compiles_month(speed: str, events: int, entries: int) -> bool:
    """Whether the bills of a closed month of so many entries are told by compiled code, in a log of so many events."""
    large = entries >= COMPILED_MONTH_FROM and events <= EVENTS_FOR_AN_ENTRY * entries
    return speed == COMPILED or (speed == AUTOMATIC and large)
