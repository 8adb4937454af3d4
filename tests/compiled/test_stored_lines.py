"""Stored lines beside those of a telling: whatever is stored otherwise is found, at either speed the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from importing.ledgers import opened
from verification.tampering import tampering

from commands.demo.month import events
from ledger.store.database import Database
from projections.columns import stored_lines
from projections.live import LiveLedger


@pytest.fixture
def month(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveLedger]:
    """The demo month; its lines come in many blocks."""
    monkeypatch.setattr(stored_lines, "PAGES", 1)
    with opened(database) as ledger:
        ledger.record(list(events()), live=False)
        yield ledger


CHANGES = [
    "UPDATE projection.billing_line SET pro = 'pro-amina' WHERE pro <> 'pro-amina'",
    "UPDATE projection.billing_line SET pro = 'nobody'",
    "UPDATE projection.billing_line SET client = client || 'x'",
    "UPDATE projection.billing_line SET city = 'geneve' WHERE city = 'lyon'",
    "UPDATE projection.billing_line SET service = ''",
    "UPDATE projection.billing_line SET kind = 'client_absent'",
    "UPDATE projection.billing_line SET minutes = -minutes",
    "UPDATE projection.billing_line SET gross = gross + 1",
    "UPDATE projection.billing_line SET commission = -2 * commission",
    "UPDATE projection.billing_line SET vat = vat - 4294967296",
    "UPDATE projection.billing_line SET currency = 'USD' WHERE mission = 'm-lyon-0101'",
    "UPDATE projection.billing_line SET rate = '0.1'",
    "UPDATE projection.billing_line SET ended_at = ended_at + 65536",
    "UPDATE projection.billing_line SET closes_at = closes_at - 1",
    "UPDATE projection.billing_line SET period = '2026-04' WHERE period = '2026-03'",
    "UPDATE projection.billing_line SET mission = 'm-' || mission WHERE city = 'paris'",
    "DELETE FROM projection.billing_line WHERE mission = 'm-lyon-0101'",
    "DELETE FROM projection.billing_line",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_line_that_is_stored_otherwise_is_found(month: LiveLedger, database: Database, change: str) -> None:
    with tampering(database) as connection:
        connection.execute(change.encode())

    plain, compiled = (month.replay(speed=speed) for speed in ("plain", "compiled"))

    assert compiled["billing"]["changed"]
    assert compiled["billing"] == plain["billing"]


def test_the_name_of_the_policy_makes_no_difference(month: LiveLedger, database: Database) -> None:
    with tampering(database) as connection:
        connection.execute(b"UPDATE projection.billing_line SET policy = 'another@1'")

    assert month.replay(speed="compiled")["billing"]["changed"] == []


def test_what_went_wrong_while_lines_came_is_raised_where_they_are_wanted(
    month: LiveLedger, database: Database
) -> None:
    with tampering(database) as connection:
        connection.execute(b"ALTER TABLE projection.billing_line RENAME TO another")
        with pytest.raises(Exception, match="billing_line"):
            month.replay(speed="compiled")


def test_lines_that_nobody_wants_are_not_waited_for(
    month: LiveLedger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_lines, "AHEAD", 1)
    with month.connection.transaction():
        lines = stored_lines.StoredLines(month.connection, database)
        blocks = lines.blocks()
        assert next(blocks)
        lines.close()

    assert not lines._thread.is_alive()


def test_lines_that_wait_in_a_file_are_the_same(
    month: LiveLedger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with month.connection.transaction():
        in_memory = sorted(stored_lines.StoredLines(month.connection, database).blocks())
        monkeypatch.setattr(stored_lines, "AHEAD", 0)
        by_file = sorted(stored_lines.StoredLines(month.connection, database).blocks())

    assert len(in_memory) > 1
    assert by_file == in_memory
