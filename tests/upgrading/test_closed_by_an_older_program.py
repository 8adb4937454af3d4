"""A close that an older program made of other amounts stays as it is, and the next one corrects what it froze."""

from __future__ import annotations

import pytest

from ledger.store.database import Database, connect
from projections import filling
from tests.billing.closes import adjustment, close, entries, recorded, two_pros
from tests.importing.ledgers import opened
from tests.missions.kit import policy

LATE = policy("late", "2025-12-15 00:00", "2026-04-05 00:00", billing={"commission": "0.25"})


def test_what_an_older_program_froze_otherwise_is_corrected_by_the_next_close(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It priced an adjusted line anew by what was published since its last fact."""
    with opened(database) as ledger, monkeypatch.context() as older:
        older.setattr("ledger.adjusting.terms", lambda history, chronicle: chronicle.latest)
        recorded(ledger, [*two_pros(), LATE])
        close(ledger, "2026-03")
        ledger.adjust(adjustment("m-1", refund={"amount": "0.01"}))
        second = close(ledger, "2026-04").position
        close(ledger, "2026-05")
        frozen = {period: entries(ledger, period) for period in ("2026-03", "2026-04", "2026-05")}
        assert ("m-1", "line", 120, "59.99", "15.00", "3.00") in [each[:6] for each in frozen["2026-04"]]
    with connect(database, autocommit=True) as connection:
        connection.execute("UPDATE projection.checkpoint SET version = 2 WHERE name = 'billing'")
    assert filling.fill(database) > 0
    with opened(database) as ledger:
        assert {period: entries(ledger, period) for period in frozen} == frozen
        assert [ledger.mission_bill(each)["waits_for_close"] for each in ("m-1", "m-2")] == [True, False]
        close(ledger, "2026-06")
        assert second is not None
        assert entries(ledger, "2026-06") == [
            ("m-1", "credit", -120, "-59.99", "-15.00", "-3.00", (second, 2)),
            ("m-1", "line", 120, "59.99", "9.00", "1.80", (second, 2)),
        ]
        assert not ledger.mission_bill("m-1")["waits_for_close"]
