"""`adjust`: what may be changed after a bill closed, what follows from it, and that no cent is made or lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.billing import Line
from ledger.billing_entries import CREDIT, FrozenEntry
from ledger.errors import LedgerError
from ledger.missions.adjustments import Adjustment, adjustment
from ledger.store.database import Database
from projections.live import LiveLedger
from projections.period_comparing import entry_of_line
from tests.importing.ledgers import opened
from tests.missions.kit import Story, event, policy, requested, voided

from .closes import adjustment as envelope
from .closes import close, entries, recorded, session, sound, two_pros

REFUND = {"refund": {"amount": "10.00", "currency": "EUR"}}


def line_after(*changes: Adjustment, story: Story | None = None) -> Line:
    """The line of m-1 with these adjustments; that of m-2 must stay as it was."""
    story = story or Story(*session("m-1", "p-1", "2026-03-10"), *session("m-2", "p-2", "2026-03-10"))
    other = story.line("m-2")
    for each in changes:
        story.history("m-1").adjust(each)
    line = story.line("m-1")
    assert line is not None
    assert story.line("m-2") == other
    return line


def change(minutes: int = 0, refund: int = 0, parts: int = 1, position: int = 50) -> Adjustment:
    return Adjustment(position, 0, minutes, refund, "EUR" if refund else "", parts)


@given(st.integers(1, 10**9), st.integers(1, 120))
def test_the_parts_of_a_refund_make_up_the_whole_the_larger_first(refund: int, parts: int) -> None:
    amounts = change(refund=refund, parts=parts).amounts()

    assert sum(amounts) == refund
    assert len(amounts) == parts
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] - amounts[-1] <= 1


@given(st.lists(st.tuples(st.integers(0, 1440), st.integers(0, 3000)), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_last_duration_and_all_refunds_count_at_the_terms_of_acceptance(told: list[tuple[int, int]]) -> None:
    line = line_after(*(change(minutes, refund, position=50 + number) for number, (minutes, refund) in enumerate(told)))

    minutes = next((minutes for minutes, _ in reversed(told) if minutes), 120)
    gross = max(0, _half_up(Fraction(3000 * minutes, 60)) - sum(refund for _, refund in told))
    commission = _half_up(gross * Fraction("0.15"))
    assert (line.minutes, line.gross) == (minutes, gross)
    assert (line.commission, line.vat) == (commission, _half_up(commission * Fraction("0.20")))
    assert (line.pro, line.closes_at, line.period, line.policy) == ("p-1", 1773270000000000, "2026-03", "mila@2018-06")


def _half_up(exact: Fraction) -> int:
    return int(exact + Fraction(1, 2))


@given(st.integers(0, 10**9), st.integers(0, 10**8), st.integers(0, 10**7), st.integers(1, 1440))
def test_a_credit_is_the_exact_negation_of_its_line(gross: int, commission: int, vat: int, minutes: int) -> None:
    line = line_after()._replace(gross=gross, commission=commission, vat=vat, minutes=minutes)
    entry = entry_of_line(line, 0, 0)
    credit = entry.negated(41, 7)

    for name in ("minutes", "gross", "commission", "vat"):
        assert getattr(entry, name) + getattr(credit, name) == 0
    assert (credit.role, credit.corrects_position, credit.corrects_number) == (CREDIT, 41, 7)
    same = {
        "mission",
        "pro",
        "client",
        "city",
        "service",
        "kind",
        "currency",
        "rate",
        "policy",
        "ended_at",
        "closes_at",
    }
    assert all(getattr(entry, name) == getattr(credit, name) for name in same)
    assert same | {"minutes", "gross", "commission", "vat", "role", "corrects_position", "corrects_number"} == set(
        FrozenEntry._fields
    )


def test_the_fee_of_an_absence_can_be_given_back() -> None:
    absent = Story(*session("m-1", "p-1", "2026-03-10")[:2], *session("m-2", "p-2", "2026-03-10"))
    absent.given(event("mission.client_absent", "m-1", "2026-03-10 09:20"))
    line = line_after(change(refund=1500), story=absent)

    assert (line.kind, line.gross, line.commission, line.vat) == ("client_absent", 2500, 0, 0)


def test_an_adjustment_survives_the_mission_being_read_again() -> None:
    story = Story(*session("m-1", "p-1", "2026-03-10"), *session("m-2", "p-2", "2026-03-10"))
    line = line_after(change(minutes=90), story=story)
    history = story.history("m-1")
    history.restore(history.facts, {}, story.book.chronicle.at, history.adjustments)
    assert story.line("m-1") == line
    history.void(50, 51, story.book.chronicle.at)
    assert story.line("m-1") == line_after()


def test_an_amount_is_read_in_the_units_of_its_currency() -> None:
    assert adjustment(7, 0, {"refund": {"amount": "10.5", "currency": "EUR"}, "parts": 2}).amounts() == [525, 525]
    assert adjustment(7, 0, {"refund": {"amount": "3", "currency": "JPY"}, "parts": 2}).amounts() == [2, 1]


# -- on a real ledger --------------------------------------------------------------------------------------------------


def amounts(ledger: LiveLedger, mission: str) -> tuple[int, str, str, str]:
    line = next(each for each in ledger.billing()["lines"] if each["mission"] == mission)
    return line["minutes"], line["gross"], line["commission"], line["vat"]


def refusal(ledger: LiveLedger, document: dict[str, Any]) -> tuple[str, str]:
    before = ledger.position(), ledger.billing()
    with pytest.raises(LedgerError) as caught:
        ledger.adjust(document)
    assert (ledger.position(), ledger.billing()) == before
    return caught.value.code, caught.value.message


def test_an_adjustment_goes_into_the_next_month_as_credit_and_line(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = close(ledger, "2026-03").position
        before = ledger.billing(period="2026-03")
        ledger.adjust(envelope("m-1", refund={"amount": "10.00"}, parts=3))
        assert amounts(ledger, "m-1") == (120, "50.00", "7.50", "1.50")
        assert sound(ledger)
        close(ledger, "2026-04")
        assert entries(ledger, "2026-04") == [
            ("m-1", "credit", -120, "-60.00", "-9.00", "-1.80", (first, 1)),
            ("m-1", "line", 120, "50.00", "7.50", "1.50", (first, 1)),
            ("m-3", "line", 120, "60.00", "9.00", "1.80", None),
        ]
        assert ledger.billing(period="2026-03") == before
        assert amounts(ledger, "m-2") == (120, "80.00", "12.00", "2.40")
        assert sound(ledger)


def test_two_adjustments_of_two_months_each_correct_the_line_in_force(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        ledger.adjust(envelope("m-1", duration_minutes=90, id="first"))
        second = close(ledger, "2026-04").position
        ledger.adjust(envelope("m-1", **REFUND, id="second"))
        close(ledger, "2026-05")
        assert entries(ledger, "2026-05") == [
            ("m-1", "credit", -90, "-45.00", "-6.75", "-1.35", (second, 2)),
            ("m-1", "line", 90, "35.00", "5.25", "1.05", (second, 2)),
        ]
        everything = [each for period in ("03", "04", "05") for each in entries(ledger, f"2026-{period}")]
        assert sum(Decimal(each[3]) for each in everything if each[0] == "m-1") == Decimal("35.00")
        assert sound(ledger)


def test_a_voided_adjustment_no_longer_counts(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        close(ledger, "2026-03")
        adjusted = ledger.adjust(envelope("m-1", duration_minutes=90)).event
        close(ledger, "2026-04")
        assert adjusted is not None
        recorded(ledger, [voided(adjusted)])
        assert amounts(ledger, "m-1") == (120, "60.00", "9.00", "1.80")
        assert sound(ledger)
        close(ledger, "2026-05")
        assert [each[:4] for each in entries(ledger, "2026-05")] == [
            ("m-1", "credit", -90, "-45.00"),
            ("m-1", "line", 120, "60.00"),
        ]
        assert sound(ledger)
        assert ledger.replay()["billing"]["changed"] == []


def test_a_replay_tells_adjustments_like_any_fact(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        adjusted = ledger.adjust(envelope("m-1", duration_minutes=90))
        assert ledger.replay()["billing"]["changed"] == []
        assert adjusted.position is not None
        (changed,) = ledger.replay(without=[adjusted.position])["billing"]["changed"]
        assert (changed["mission"], changed["gross_change"]) == ("m-1", "15.00")


def test_an_adjustment_keeps_the_terms_of_acceptance(database: Database) -> None:
    dearer = policy("2", "2026-01-02 00:00", billing={"commission": "0.30", "vat": "0.10"})
    with opened(database) as ledger:
        recorded(ledger, [*two_pros(), dearer])
        ledger.adjust(envelope("m-1", duration_minutes=60))
        assert amounts(ledger, "m-1") == (60, "30.00", "4.50", "0.90")  # accepted on 1 January
        assert sound(ledger)


def test_the_same_adjustment_again_gives_nothing_back_twice(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        first = ledger.adjust(envelope("m-1", **REFUND))
        again = ledger.adjust(envelope("m-1", **REFUND))
        assert (again.status, again.position) == ("duplicate", first.position)
        assert amounts(ledger, "m-1")[1] == "50.00"
        changed = {"refund": {"amount": "20.00", "currency": "EUR"}}
        assert refusal(ledger, envelope("m-1", **changed))[0] == "idempotency_conflict"
        assert sound(ledger)


@pytest.mark.parametrize(
    ("mission", "data", "code", "says"),
    [
        ("m-9", REFUND, "unknown_mission", "never requested"),
        ("m-open", REFUND, "not_eligible", "no amount"),
        ("m-1", {"refund": {"amount": "10.00", "currency": "CHF"}}, "currency_mismatch", "billed in EUR"),
        ("m-1", {"refund": {"amount": "10.005"}}, "too_precise", "2 decimals"),
        ("m-1", {"refund": {"amount": "60.01"}}, "refund_too_large", "60.00 EUR"),
        ("m-1", {"refund": {"amount": "-1"}}, "invalid_event", "refund.amount"),
        ("m-1", {"refund": {"amount": "0.02"}, "parts": 3}, "invalid_event", "smallest unit"),
        ("m-1", {"duration_minutes": 0}, "invalid_duration", "1440"),
        ("m-1", {"duration_minutes": 1441}, "invalid_duration", "1440"),
        ("m-1", {**REFUND, "duration_minutes": 60}, "invalid_event", "either"),
        ("m-1", {"duration_minutes": 60, "parts": 2}, "invalid_event", "parts"),
        ("m-1", {**REFUND, "by": None}, "no_statement", "by and reason"),
        ("m-1", {**REFUND, "reason": " "}, "no_statement", "by and reason"),
        ("m-1", {**REFUND, "by": "engine"}, "human_required", "a person decides"),
    ],
)
def test_what_is_refused(database: Database, mission: str, data: dict[str, Any], code: str, says: str) -> None:
    with opened(database) as ledger:
        recorded(ledger, [*two_pros(), requested("m-open", "2026-03-01 08:00")])
        found = refusal(ledger, envelope(mission, **data))
        assert found[0] == code
        assert says in found[1]
        assert sound(ledger)


def test_an_absence_has_no_duration(database: Database) -> None:
    absent = [*session("m-1", "p-1", "2026-03-10")[:2], event("mission.client_absent", "m-1", "2026-03-10 09:20")]
    with opened(database) as ledger:
        recorded(ledger, [*absent, *session("m-2", "p-2", "2026-03-10")])
        assert refusal(ledger, envelope("m-1", duration_minutes=60))[0] == "not_eligible"
        ledger.adjust(envelope("m-1", refund={"amount": "40.00"}))
        assert amounts(ledger, "m-1")[1] == "0.00"
        assert sound(ledger)


FLAT = {"price": {"amount": "60.00", "currency": "EUR", "per": "mission"}}


def test_a_price_for_the_whole_mission_has_no_duration(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, [*session("m-1", "p-1", "2026-03-10", **FLAT), *session("m-2", "p-2", "2026-03-10", **FLAT)])
        code, message = refusal(ledger, envelope("m-1", duration_minutes=30))
        assert code == "invalid_transition"
        assert "priced for the whole mission" in message
        assert "--refund" in message
        ledger.adjust(envelope("m-1", **REFUND))
        assert [amounts(ledger, each)[:2] for each in ("m-1", "m-2")] == [(120, "50.00"), (120, "60.00")]
        assert sound(ledger)


def test_such_a_duration_that_is_recorded_already_stays(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(database) as ledger:
        recorded(ledger, [*session("m-1", "p-1", "2026-03-10", **FLAT), *session("m-2", "p-2", "2026-03-10", **FLAT)])
        with monkeypatch.context() as older:
            older.setattr("ledger.adjusting.check", lambda *arguments, **named: None)
            ledger.adjust(envelope("m-1", duration_minutes=30))
        assert [amounts(ledger, each)[:2] for each in ("m-1", "m-2")] == [(30, "60.00"), (120, "60.00")]
        for speed in ("plain", "compiled"):
            answer = ledger.replay(speed=speed)
            assert (answer["billing"]["changed"], answer["left_out"]) == ([], [])
        assert sound(ledger)


def test_before_its_bill_closed_the_duration_is_what_to_change(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        ledger.clock = lambda: 1773270000000000 - 1  # the bill of m-1 closes a microsecond later
        code, message = refusal(ledger, envelope("m-1", **REFUND, at="2026-03-11T22:59:00Z"))
        assert code == "invalid_transition"
        assert "2026-03-11T23:00:00Z" in message
        ledger.clock = lambda: 1773270000000000
        assert ledger.adjust(envelope("m-1", **REFUND, at="2026-03-11T22:59:00Z")).status == "recorded"
        assert sound(ledger)


def test_only_the_command_adjusts(database: Database) -> None:
    with opened(database) as ledger:
        recorded(ledger, two_pros())
        for live in (True, False):
            (outcome,) = ledger.record([envelope("m-1", **REFUND)], live=live)
            assert outcome.error is not None
            assert outcome.error.code == "human_required"
            assert "mission-ledger adjust" in outcome.error.message
        assert amounts(ledger, "m-1")[1] == "60.00"
