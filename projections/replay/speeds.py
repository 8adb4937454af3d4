"""Which of both speeds a replay takes: plain Python, or compiled code over columns. They give the same answers.

A small ledger never waits for a compiler: importing it alone takes longer than telling some thousand events.
"""

from __future__ import annotations

AUTOMATIC, PLAIN, COMPILED = "auto", "plain", "compiled"
SPEEDS = (AUTOMATIC, PLAIN, COMPILED)

COMPILED_FROM = 60_000
"""Events from which on the compiled code is quicker, even with its start."""


def compiles(speed: str, events: int) -> bool:
    """Whether all pros of so many events are told by compiled code."""
    return speed == COMPILED or (speed == AUTOMATIC and events >= COMPILED_FROM)
