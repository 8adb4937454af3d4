"""Closing months in a test, at an instant of its choosing, and what the ledger then holds of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.store.database import Database
from projections.live import LiveLedger, Outcome
from tests.importing.ledgers import opened, verified
from tests.missions.kit import Document, accepted, completed, requested

LATER = "2027-05-01T00:00:00Z"


def close(
    ledger: LiveLedger, period: str, *, at: str = LATER, by: str | None = "C. Roux", leave_open: bool = False
) -> Outcome:
    """Close a month. Raises the refusal."""
    return ledger.close_period(envelope(period, at=at, by=by), leave_open=leave_open)


def envelope(period: str, *, at: str = LATER, by: str | None = "C. Roux") -> Document:
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


def adjustment(mission: str, *, id: str = "", at: str = LATER, **data: Any) -> Document:
    """The envelope of an adjustment."""
    stated = {"by": "C. Roux", "reason": "complaint", **data}
    return {
        "specversion": "1.0",
        "id": id or f"adjust-{mission}",
        "source": "desk",
        "type": "billing.adjusted",
        "subject": mission,
        "time": at,
        "data": stated,
    }


def session(mission: str, pro: str, day: str, *, minutes: int = 120, **request: Any) -> list[Document]:
    """A mission of 09:00 to 11:00 UTC, done by a pro: 60.00 gross, 9.00 commission, 1.80 VAT unless said otherwise."""
    return [
        requested(mission, "2026-01-01 08:00", starts_at=f"{day} 09:00", **request),
        accepted(mission, pro, "2026-01-01 09:00"),
        completed(mission, f"{day} 11:00", minutes),
    ]


SWISS = {"city": "geneve", "timezone": "Europe/Zurich", "price": {"amount": "40.00", "currency": "CHF", "per": "hour"}}


def two_pros() -> list[Document]:
    """March: one mission each for two pros, in two currencies; April: one more for the first."""
    return [
        *session("m-1", "p-1", "2026-03-10"),
        *session("m-2", "p-2", "2026-03-12", **SWISS),
        *session("m-3", "p-1", "2026-04-10"),
    ]


def recorded(ledger: LiveLedger, documents: Sequence[Document]) -> None:
    """Record a history; all of it must be taken."""
    for outcome in ledger.record(list(documents), live=False):
        assert outcome.error is None, outcome.error


def entries(ledger: LiveLedger, period: str) -> list[tuple[str, str, int, str, str, str, tuple[int, int] | None]]:
    """(mission, role, minutes, gross, commission, VAT, entry corrected) of a closed period, in order."""
    document = ledger.billing(period=period)
    assert document["closed"]["period"] == period
    return [
        (
            each["mission"],
            each["role"],
            each["minutes"],
            each["gross"],
            each["commission"],
            each["vat"],
            (each["corrects"]["position"], each["corrects"]["number"]) if each["corrects"] else None,
        )
        for each in document["lines"]
    ]


def sound(ledger: LiveLedger) -> bool:
    """Whether `verify` is green."""
    answer = verified(ledger)
    assert answer["ok"], answer
    return True


def everything(database: Database) -> list[str]:
    """Every frozen entry of a ledger."""
    with opened(database) as ledger:
        query = "SELECT row_to_json(t)::text FROM projection.billing_entry AS t ORDER BY position, number"
        return [row[0] for row in ledger.connection.execute(query.encode()).fetchall()]
