"""`verify` and `invoice verify` find what was done to documents behind the ledger's back, and name it."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager

import pytest

from ledger.store.database import Database, connect
from projections.live import LiveLedger, open_ledger
from tests.invoices.billed import PLAIN, close, issue, lasted, opened, record, worked
from tests.verification.tampering import find, remove, rewrite, tampering, verified


@pytest.fixture
def issued(database: Database) -> Database:
    """Two pros, two months, a credit note."""
    with opened(database) as ledger:
        record(ledger, *worked("m-1"), *worked("m-2", "p-2"), *worked("m-3", day="2026-04-10"))
        close(ledger, "2026-03")
        issue(ledger, "2026-03")
        record(ledger, lasted("m-1", 60))
        close(ledger, "2026-04")
        issue(ledger, "2026-04")
        assert [each["number"] for each in ledger.invoices()["invoices"]][-1] == "A-2026-000001"
    return database


def changed(database: Database, statement: str) -> None:
    """A change to the projections by hand."""
    with connect(database, autocommit=True) as connection:
        connection.execute("SET search_path = projection")
        assert connection.execute(statement.encode()).rowcount > 0


def opened_again(database: Database) -> AbstractContextManager[LiveLedger]:
    """The ledger, of which nothing is taken to be sound."""
    return open_ledger(database.url)


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("UPDATE invoice SET total = total + 1 WHERE number = 'F-2026-000001'", "recorded"),
        ("UPDATE invoice SET pro = 'p-9' WHERE number = 'F-2026-000001'", "recorded"),
        ("DELETE FROM invoice WHERE number = 'F-2026-000002'", "recorded"),
        ("UPDATE invoice SET running = 9 WHERE number = 'F-2026-000003'", "numbers"),
        ("DELETE FROM invoice WHERE number = 'F-2026-000002'", "numbers"),
        ("UPDATE invoice SET issued_at = 1 WHERE number = 'F-2026-000003'", "numbers"),
        ("UPDATE invoice_entry SET invoice = (SELECT max(invoice) FROM invoice_entry) WHERE number = 1", "entries"),
        ("UPDATE billing_entry SET currency = 'CHF' WHERE mission = 'm-2'", "entries"),
        ("UPDATE billing_entry SET gross = gross - 1 WHERE role = 'credit'", "entries"),
        ("DELETE FROM billing_entry WHERE mission = 'm-2'", "entries"),
        ("UPDATE billing_entry SET commission = commission + 1, vat = vat - 1 WHERE mission = 'm-2'", "amounts"),
        ("UPDATE billing_entry SET minutes = minutes + 1 WHERE mission = 'm-2'", "amounts"),
        ("DELETE FROM invoice_entry USING billing_entry AS e WHERE e.mission = 'm-2' AND (e.position, e.number) "
         "= (invoice_entry.position, invoice_entry.number)", "amounts"),
    ],
)  # fmt: skip
def test_a_changed_row_is_found_by_the_check_it_breaks(issued: Database, statement: str, check: str) -> None:
    changed(issued, statement)
    with opened_again(issued) as ledger:
        found = ledger.verify_invoices()
        assert not found["ok"]
        assert check in [each["check"] for each in found["checks"] if not each["ok"]]
        assert found["first_difference"]["position"] > 0
        answer = verified(ledger)
        assert answer["first_difference"]["check"] == "projections"  # the log itself is whole


def test_what_is_sound_is_said_check_by_check(issued: Database) -> None:
    with opened_again(issued) as ledger:
        found = ledger.verify_invoices()
    assert [(each["check"], each["ok"]) for each in found["checks"]] == [
        ("recorded", True),
        ("numbers", True),
        ("entries", True),
        ("amounts", True),
    ]
    assert (found["ok"], found["invoices"], found["first_difference"]) == (True, 4, None)


def data_of(database: Database, number: str) -> tuple[int, dict[str, object]]:
    with connect(database, autocommit=True) as connection:
        row = connection.execute("SELECT position, state FROM ledger.event WHERE id = %s", (number,)).fetchone()
    assert row is not None
    return row[0], json.loads(row[1])["data"]


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"totals": {"gross": "60.00", "commission": "9.00", "vat": "1.81", "total": "10.81"}}, "invoices"),
        ({"currency": "CHF"}, "invoices"),
        ({"kind": "credit_note"}, "log"),
        ({"pro": "p-2"}, "invoices"),
        ({"period": "2026-04"}, "invoices"),
        ({"number": "F-2026-000009"}, "log"),
    ],
)
def test_an_event_rewritten_with_its_digest_is_found(issued: Database, changes: dict[str, object], check: str) -> None:
    position, _ = data_of(issued, "F-2026-000001")
    with tampering(issued) as connection:
        rewrite(connection, position, digest=True, **changes)
    with opened_again(issued) as ledger:
        first = verified(ledger)["first_difference"]
        assert (first["check"], first["position"]) == (check, position)
        assert not ledger.verify_invoices()["ok"]


def test_an_entry_on_two_documents_is_found(issued: Database) -> None:
    _, first = data_of(issued, "F-2026-000001")
    position, second = data_of(issued, "F-2026-000002")
    with tampering(issued) as connection:
        rewrite(connection, position, digest=True, entries=[*second["entries"], *first["entries"]])  # type: ignore[misc]
    with opened_again(issued) as ledger:
        first_difference = verified(ledger)["first_difference"]
        assert first_difference["check"] == "bills"
        assert "twice" in first_difference["what"]


def test_a_document_taken_out_of_the_log_leaves_a_gap(issued: Database) -> None:
    with tampering(issued) as connection:
        remove(connection, find(connection, "id = 'F-2026-000002'"), close_the_gap=True)
    with opened_again(issued) as ledger:
        assert _sound(ledger) == (False, "log")


def _sound(ledger: LiveLedger) -> tuple[bool, str]:
    assert ledger.invoice("F-2026-000001", PLAIN)
    return ledger.verify_invoices()["ok"], verified(ledger)["first_difference"]["check"]
