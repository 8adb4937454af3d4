"""Nothing is recorded ahead of the recording clock: not an event, and not the notice an event says was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import Refused
from ledger.instants import MINUTE, parse_us, to_text

if TYPE_CHECKING:
    from ledger.events.incoming import Incoming

CLOCK_SKEW = 5 * MINUTE
NOTIFYING = frozenset({"pro.suspended", "policy.published"})
"""Types whose `notified_at` says when somebody was told."""


def check_clock(incoming: Incoming, clock_us: int) -> None:
    """Raise `Refused` (`future_event`) for what lies more than 5 minutes ahead of the clock (microseconds)."""
    latest = clock_us + CLOCK_SKEW
    if incoming.at > latest:
        raise Refused(
            "future_event",
            f"time {incoming.doc['time']} is more than 5 minutes ahead of the clock ({to_text(clock_us)})"
            + _instead(incoming),
        )
    if incoming.type in NOTIFYING:
        notified = incoming.doc["data"].get("notified_at")
        if notified is not None and parse_us(notified) > latest:
            raise Refused(
                "future_event",
                f"notified_at {notified} is ahead of the clock ({to_text(clock_us)}): a notice counts from when it was "
                "given; record this once it is",
            )


def _instead(incoming: Incoming) -> str:
    """What to do about a decision that is only to take effect; P2B art. 4(2) gives it a notice, not a date ahead."""
    if incoming.type != "pro.suspended" or incoming.doc["data"]["kind"] != "termination":
        return ""
    return (
        "; a termination takes effect when it is recorded: give the notice now, and record it on that day with "
        "notified_at (decide --suspend --kind termination --notified-at …)"
    )
