"""Closing months in a test: the envelope that the command makes, at an instant of the test's choosing."""

from __future__ import annotations

from typing import Any

from projections.live import LiveLedger, Outcome

LATER = "2027-05-01T00:00:00Z"


def close(
    ledger: LiveLedger, period: str, *, at: str = LATER, by: str | None = "C. Roux", leave_open: bool = False
) -> Outcome:
    """Close a month. Raises the refusal."""
    return ledger.close_period(envelope(period, at=at, by=by), leave_open=leave_open)


def envelope(period: str, *, at: str = LATER, by: str | None = "C. Roux") -> dict[str, Any]:
    """The envelope of a close."""
    return {
        "specversion": "1.0",
        "id": f"close-{period}",
        "source": "desk",
        "type": "billing.period_closed",
        "subject": period,
        "time": at,
        "data": {"by": by, "reason": None},
    }
