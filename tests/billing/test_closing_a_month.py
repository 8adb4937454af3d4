"""A closed month never changes: what becomes known later is a credit and a new line in the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest

from ledger.billing_entries import FrozenEntry, digest_of, text_of
from ledger.errors import IntegrityBroken, LedgerError, Refused
from ledger.instants import HOUR, closing_us
from ledger.store.database import Database, connect
from projections import closing, filling
from tests.importing.ledgers import opened, verified
from tests.missions.kit import completed, modified, requested, voided
from tests.verification.tampering import rewrite, tampering

from .closes import close, entries, envelope, everything, recorded, session, sound, two_pros

MARCH = [("m-1", "line", 120, "60.00", "9.00", "1.80", None), ("m-2", "line", 120, "80.00", "12.00", "2.40", None)]


def refused(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        act()
    assert "\n" not in caught.value.message
    return caught.value.code, caught.value.message


def test_a_close_freezes_the_lines_of_its_month_and_of_no_other(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        outcome = close(ledger, "2026-03")
        assert outcome.event is not None
        data = outcome.event["data"]
        assert (data["by"], data["lines"], data["left_open"], data["leave_open"]) == ("C. Roux", 2, 0, False)
        assert data["totals"] == {
            "CHF": {"gross": "80.00", "commission": "12.00", "vat": "2.40", "net": "65.60"},
            "EUR": {"gross": "60.00", "commission": "9.00", "vat": "1.80", "net": "49.20"},
        }
        assert entries(ledger, "2026-03") == MARCH
        shown = ledger.billing(period="2026-03")
        assert shown["totals"] == data["totals"]
        assert {each["status"] for each in shown["lines"]} == {"closed"}
        assert ledger.billing(period="2026-03", pro="p-2")["totals"] == {"CHF": data["totals"]["CHF"]}
        assert [each["mission"] for each in ledger.billing(period="2026-04")["lines"]] == ["m-3"]
        assert sound(ledger)


def test_the_digest_is_that_of_the_entries_by_any_tool(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        outcome = close(ledger, "2026-03")
        assert outcome.event is not None
        rows = ledger.connection.execute(
            f"SELECT {', '.join(FrozenEntry._fields)} FROM projection.billing_entry ORDER BY mission".encode()
        ).fetchall()
        frozen = [FrozenEntry._make(row) for row in rows]
        assert digest_of(map(text_of, frozen)) == outcome.event["data"]["digest"]
        by_hand = "".join("\t".join(str(value) for value in row) + "\n" for row in rows)
        assert hashlib.sha256(by_hand.encode()).hexdigest() == outcome.event["data"]["digest"]
        assert digest_of(map(text_of, reversed(frozen))) != outcome.event["data"]["digest"]


def test_the_database_writes_the_texts_as_the_digest_reads_them(database: Database) -> None:
    """Also a policy's version with a backslash, which is all that would be written otherwise."""
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        ledger.connection.execute("UPDATE projection.billing_entry SET policy = 'é@1\\2'")
        rows = ledger.connection.execute(
            f"SELECT {', '.join(FrozenEntry._fields)} FROM projection.billing_entry ORDER BY number".encode()
        ).fetchall()
        written = b"".join(bytes(each) for each in closing.entry_texts(ledger.connection, ledger.position()))
        assert written == b"".join(text_of(FrozenEntry._make(row)) for row in rows)
        assert b"\\\\" in written


def test_a_late_fact_becomes_a_credit_and_a_new_line_in_the_next_month(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = close(ledger, "2026-03").position
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90)])  # in time by its own time, imported late
        assert entries(ledger, "2026-03") == MARCH
        assert ledger.periods()["periods"][-1]["lines"] == 3  # it waits for April, as m-3 does
        assert sound(ledger)
        close(ledger, "2026-04")
        assert entries(ledger, "2026-03") == MARCH
        assert entries(ledger, "2026-04") == [
            ("m-1", "credit", -120, "-60.00", "-9.00", "-1.80", (first, 1)),
            ("m-1", "line", 90, "45.00", "6.75", "1.35", (first, 1)),
            ("m-3", "line", 120, "60.00", "9.00", "1.80", None),
        ]
        assert sound(ledger)
        close(ledger, "2026-05")  # nothing is corrected twice
        assert entries(ledger, "2026-05") == []


def test_a_line_that_came_too_late_for_its_month_is_in_the_next(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, session("m-late", "p-2", "2026-03-20"))
        close(ledger, "2026-04")
        assert entries(ledger, "2026-03") == MARCH
        assert [each[:2] for each in entries(ledger, "2026-04")] == [("m-3", "line"), ("m-late", "line")]
        assert sound(ledger)


def test_a_mission_that_was_never_done_is_taken_back_and_may_come_again(database: Database) -> None:
    done = completed("m-1", "2026-03-10 11:00")
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = close(ledger, "2026-03").position
        recorded(ledger, [voided(done)])
        close(ledger, "2026-04")
        assert entries(ledger, "2026-04")[0] == ("m-1", "credit", -120, "-60.00", "-9.00", "-1.80", (first, 1))
        assert [each[0] for each in entries(ledger, "2026-04")] == ["m-1", "m-3"]
        recorded(ledger, [{**done, "id": "again", "data": {"duration_minutes": 60}}])
        close(ledger, "2026-05")
        assert entries(ledger, "2026-05") == [("m-1", "line", 60, "30.00", "4.50", "0.90", None)]
        assert entries(ledger, "2026-03") == MARCH
        assert sound(ledger)


def test_what_a_fact_does_not_change_is_not_corrected(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90), modified("m-1", "2026-03-10 13:00", 120)])
        close(ledger, "2026-04")
        assert [each[0] for each in entries(ledger, "2026-04")] == ["m-3"]
        assert sound(ledger)


def test_lines_that_may_still_change_keep_a_month_open_unless_they_are_left_out(database: Database) -> None:
    soon = "2026-04-01T13:00:00Z"
    with opened(database) as ledger:
        recorded(ledger, [*two_pros(), *session("m-31", "p-2", "2026-03-31")])  # closes on 2 April, 00:00 in Paris
        before = ledger.position()
        code, message = refused(lambda: close(ledger, "2026-03", at=soon))
        assert (code, "2026-04-01T22:00:00Z" in message) == ("lines_open", True)
        assert ledger.position() == before
        assert everything(database) == []
        outcome = close(ledger, "2026-03", at=soon, leave_open=True)
        assert outcome.event is not None
        assert (outcome.event["data"]["lines"], outcome.event["data"]["left_open"]) == (2, 1)
        assert entries(ledger, "2026-03") == MARCH
        assert sound(ledger)
        close(ledger, "2026-04")
        assert [each[0] for each in entries(ledger, "2026-04")] == ["m-3", "m-31"]
        assert sound(ledger)


@pytest.mark.parametrize(
    ("period", "at", "code", "says"),
    [
        ("2026-04", "2027-05-01T00:00:00Z", "invalid_transition", "2026-03 has lines and is not closed"),
        ("2026-03", "2026-04-01T11:59:59Z", "invalid_transition", "not over everywhere before 2026-04-01T12:00:00Z"),
        ("2026-12", "2026-12-31T23:00:00Z", "invalid_transition", "2027-01-01T12:00:00Z"),
    ],
)
def test_months_close_in_order_once_they_are_over(
    database: Database, period: str, at: str, code: str, says: str
) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        before = ledger.position()
        found = refused(lambda: close(ledger, period, at=at))
        assert found[0] == code
        assert says in found[1]
        assert ledger.position() == before
        assert sound(ledger)


def test_a_month_closes_once_and_none_before_it_afterwards(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        close(ledger, "2026-04")
        assert "was closed by C. Roux" in refused(lambda: close(ledger, "2026-03"))[1]
        assert "2026-04 is closed already" in refused(lambda: close(ledger, "2026-02"))[1]
        assert refused(lambda: close(ledger, "2026-05", by=" "))[0] == "no_statement"
        periods = ledger.periods()["periods"]
        assert [(each["period"], each["status"], each["lines"]) for each in periods] == [
            ("2026-03", "closed", 2),
            ("2026-04", "closed", 1),
        ]


def test_two_who_close_at_once_close_once(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())

    def closed(number: int) -> str:
        with opened(database) as ledger:
            try:
                close(ledger, "2026-03", by=f"person {number}")
            except LedgerError as error:
                return error.code
        return "closed"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(closed, range(3))) == ["closed", "invalid_transition", "invalid_transition"]
    assert len(everything(database)) == 2
    with opened(database) as ledger:
        assert sound(ledger)


def test_only_the_command_closes_and_a_close_cannot_be_voided(database: Database) -> None:
    made_up = {"leave_open": False, "lines": 0, "left_open": 0, "totals": {}, "digest": "0" * 64, "by": "x"}
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        (outcome,) = ledger.record([envelope("2026-03") | {"data": made_up}])
        assert outcome.error is not None
        assert (outcome.error.code, "billing close" in outcome.error.message) == ("human_required", True)
        closed = close(ledger, "2026-03").event
        assert closed is not None
        (outcome,) = ledger.record([voided(closed)])
        assert outcome.error is not None
        assert outcome.error.code == "invalid_transition"
        assert entries(ledger, "2026-03") == MARCH
        assert sound(ledger)


def test_another_zone_database_moves_nothing_that_is_frozen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The instant a bill closed at is kept with it; it is not worked out again when the zones change."""
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        before, frozen = ledger.billing(period="2026-03"), everything(database)
        monkeypatch.setattr("ledger.missions.session.closing_us", lambda *given: closing_us(*given) + HOUR)
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90), modified("m-1", "2026-03-10 13:00", 120)])
        line = next(each for each in ledger.billing()["lines"] if each["mission"] == "m-1")
        assert line["closes_at"] != before["lines"][0]["closes_at"]  # the zones did change
        close(ledger, "2026-04")
        assert ledger.billing(period="2026-03") == before
        assert everything(database)[:2] == frozen
        assert [each[0] for each in entries(ledger, "2026-04")] == ["m-3"]


def test_a_ledger_whose_zone_database_was_corrected_is_still_sound(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
    frozen = everything(database)
    monkeypatch.setattr("ledger.missions.session.closing_us", lambda *given: closing_us(*given) + HOUR)
    _outdate(database)
    filling.fill(database)  # the lines that are not closed follow the corrected zones
    assert everything(database) == frozen
    with opened(database) as ledger:
        assert ledger.billing(period="2026-04")["lines"][0]["closes_at"] == "2026-04-11T23:00:00Z"
        assert sound(ledger)
    with connect(database, autocommit=True) as connection:
        connection.execute("UPDATE projection.billing_entry SET closes_at = closes_at + 1")
    with opened(database) as ledger:
        assert verified(ledger)["first_difference"]["check"] == "bills"  # nothing vouches for these


def test_after_its_bill_closed_a_duration_is_refused_with_the_deadline(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        (outcome,) = ledger.record([modified("m-1", "2026-03-12 12:00", 90)], live=False)
        assert outcome.error is not None
        assert outcome.error.code == "billing_closed"
        assert "2026-03-11T23:00:00Z" in outcome.error.message
        assert entries(ledger, "2026-03") == MARCH


# -- verify and fillings meet a close in the middle of the log ---------------------------------------------------------


@pytest.fixture
def closed(database: Database) -> Database:
    """Two closes with late facts between them, and facts after them."""
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        recorded(ledger, [modified("m-1", "2026-03-10 12:00", 90), *session("m-4", "p-2", "2026-04-11")])
        close(ledger, "2026-04")
        recorded(ledger, [requested("m-5", "2026-05-01 08:00")])
    return database


@pytest.mark.parametrize("batch", [1, 3, 10_000])
def test_a_fold_freezes_the_same_again(closed: Database, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("projections.folding.BATCH", batch)
    with opened(closed) as ledger:
        assert sound(ledger)
        assert "bills" in [each["check"] for each in verified(ledger)["checks"]]


def test_a_filling_freezes_the_same_again(closed: Database) -> None:
    before = everything(closed)
    _outdate(closed)
    assert filling.fill(closed) > 10
    assert everything(closed) == before
    with opened(closed) as ledger:
        assert sound(ledger)


def test_a_filling_keeps_what_was_closed_though_this_program_would_compute_otherwise(
    closed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(closed)
    _outdate(closed)
    with monkeypatch.context() as other:
        other.setattr("ledger.policies.document.Policy.commission_rate", lambda *given: Fraction(1, 3))
        filling.fill(closed)
    assert everything(closed) == before
    _outdate(closed)
    filling.fill(closed)
    with opened(closed) as ledger:
        assert sound(ledger)


def test_a_filling_refuses_a_close_that_nothing_vouches_for(closed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with connect(closed, autocommit=True) as connection:
        connection.execute("UPDATE projection.billing_entry SET gross = gross + 1 WHERE number = 2")
    _outdate(closed)
    monkeypatch.setattr("ledger.policies.document.Policy.commission_rate", lambda *given: Fraction(1, 3))
    with pytest.raises(IntegrityBroken, match=r"#10 billing\.period_closed 2026-03"):
        filling.fill(closed)


@pytest.mark.parametrize("changes", [{"lines": 3}, {"left_open": 1}, {"totals": {}}])
def test_verify_finds_what_a_close_says_wrongly(closed: Database, changes: dict[str, object]) -> None:
    with tampering(closed) as connection:
        rewrite(connection, 10, digest=True, **changes)
    with opened(closed) as ledger:
        first = verified(ledger)["first_difference"]
    assert (first["check"], first["position"]) == ("bills", 10)


@pytest.mark.parametrize(
    ("position", "changes"),
    [(3, {"duration_minutes": 121}), (2, {"pro": "p-9"})],  # other sums; the same sums, so only the digest tells
)
def test_verify_finds_a_fact_before_a_close_that_was_changed(
    closed: Database, position: int, changes: dict[str, object]
) -> None:
    with tampering(closed) as connection:
        rewrite(connection, position, digest=True, **changes)
    with opened(closed) as ledger:
        first = verified(ledger)["first_difference"]
    assert (first["check"], first["position"]) == ("bills", 10)


def _outdate(database: Database) -> None:
    with connect(database, autocommit=True) as connection:
        connection.execute("UPDATE projection.checkpoint SET version = 1 WHERE name = 'billing'")
