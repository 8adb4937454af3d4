"""A mission that one close takes back and a later one restores: the year counts it as often as it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ledger.store.database import Database
from projections.live import LiveLedger
from projections.yearly_exports import dac7_document
from tests.billing.closes import close, recorded, sound
from tests.importing.ledgers import opened
from tests.missions.kit import Document, accepted, completed, event, no_show, policy, requested

HUNDRED = {"amount": "100.00", "currency": "EUR", "per": "hour"}


def asked(mission: str, pro: str) -> list[Document]:
    """An hour on 10 March 2026, 09:00 UTC."""
    return [
        requested(mission, "2026-02-01 08:00", price=HUNDRED, duration_minutes=60),
        accepted(mission, pro, "2026-02-01 09:00"),
    ]


def decided(mission: str, kind: str, day: str) -> Document:
    return event(f"mission.no_show_{kind}", mission, f"{day} 09:00", by="ines")


def dac7(ledger: LiveLedger, year: int) -> dict[str, dict[str, Any]]:
    with ledger.months() as months:
        return {row["seller"]: row for row in dac7_document(months, year)["rows"]}


def net(ledger: LiveLedger, pro: str) -> Decimal:
    """What the frozen months and the open lines of 2026 say a pro kept."""
    with ledger.months() as months:
        return sum((Decimal(each.net) / 100 for each in months.year(2026) if each.pro == pro), Decimal(0))


def test_no_shows_confirmed_and_rejected_across_closes_leave_the_year_what_stands(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, [policy("required", "2026-01-02 00:00", no_show={"confirmation": "required"})])
        for mission in ("n1", "n2", "n3", "n4", "other"):
            recorded(ledger, asked(mission, "p-2" if mission == "other" else "p-1"))
        recorded(ledger, [completed(each, "2026-03-10 10:00", 60) for each in ("n1", "n2", "other")])
        recorded(ledger, [event("mission.client_absent", each, "2026-03-10 09:30") for each in ("n3", "n4")])
        close(ledger, "2026-03")
        recorded(ledger, [no_show(each, "2026-03-10 09:40") for each in ("n2", "n3", "n4")])
        recorded(ledger, [decided("n2", "confirmed", "2026-04-10"), decided("n3", "confirmed", "2026-04-10")])
        close(ledger, "2026-04")
        recorded(ledger, [decided("n2", "rejected", "2026-05-10"), decided("n4", "confirmed", "2026-05-10")])
        waiting = dac7(ledger, 2026)["p-1"]  # n2 stands once more, and no close has booked it yet
        close(ledger, "2026-05")

        found = dac7(ledger, 2026)
        first = found["p-1"]
        assert first["exact"] == {"consideration": "164.00", "fees": "30.00", "taxes": "6.00", "activities": 2}
        assert first["q1"] == {"consideration": 164, "fees": 30, "taxes": 6, "activities": 2}
        assert [move for move in first["carried"] if move["to"] > "2027"] == []
        assert Decimal(first["exact"]["consideration"]) == net(ledger, "p-1")
        assert found["p-2"]["exact"]["consideration"] == "82.00"
        assert found["p-2"]["exact"]["activities"] == 1
        assert [each["exact"]["activities"] for each in dac7(ledger, 2027).values()] == []
        assert waiting["exact"]["activities"] == 3  # with n4, whose credit waits for the close
        assert sound(ledger)
