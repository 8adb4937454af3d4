"""A quarter with every kind of mission and correction, closed and invoiced: all totals of it are one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.money import signed_minor
from ledger.store.database import Database
from projections.live import LiveLedger
from tests.billing.closes import adjustment, close, recorded
from tests.billing.test_both_ways_of_replaying import PERIODS, history
from tests.missions.kit import voided

from .billed import SETTINGS, Clock, issue, opened

NAMES = ("gross", "commission", "vat")
Totals = dict[str, list[int]]


def summed(amounts: Iterator[tuple[str, dict[str, str]]]) -> Totals:
    """Amounts of documents, in minor units, by currency."""
    totals: Totals = {}
    for currency, each in amounts:
        sums = totals.setdefault(currency, [0] * len(NAMES))
        for index, name in enumerate(NAMES):
            sums[index] += signed_minor(each[name], currency)
    return totals


def floats(answer: Any) -> list[float]:
    """Every float in an answer."""
    if isinstance(answer, dict):
        return [each for value in answer.values() for each in floats(value)]
    if isinstance(answer, list):
        return [each for value in answer for each in floats(value)]
    return [answer] if isinstance(answer, float) else []


def corrected(ledger: LiveLedger) -> None:
    """What was closed in the first month is shortened, refunded in parts, and declared wrong; the others are closed."""
    documents = history()
    recorded(ledger, documents)
    close(ledger, PERIODS[0])
    issue(ledger, PERIODS[0], settings=SETTINGS)
    done = {each["subject"]: each for each in documents if each["type"] == "mission.completed"}
    billed = [each["mission"] for each in ledger.billing(period=PERIODS[0])["lines"] if each["mission"] in done]
    ledger.adjust(adjustment(billed[0], duration_minutes=30))
    ledger.adjust(adjustment(billed[1], refund={"amount": "10.00"}, parts=3))
    recorded(ledger, [voided(done[billed[2]])])
    for period in PERIODS[1:]:
        close(ledger, period)
        issue(ledger, period, settings=SETTINGS)


def test_closed_totals_are_the_lines_and_the_invoices_less_the_credit_notes(database: Database) -> None:
    with opened(database, Clock("2027-06-01 09:00")) as ledger:
        corrected(ledger)
        answers = [ledger.billing(period=period) for period in PERIODS]
        lines = summed((each["currency"], each) for answer in answers for each in answer["lines"])
        closed = summed(pair for answer in answers for pair in answer["closed"]["totals"].items())
        assert len(lines) == 2
        assert lines == closed
        assert lines == summed(pair for answer in answers for pair in answer["totals"].items())
        # Whatever was corrected, the months together are what the missions bear now.
        assert lines == summed((each["currency"], each) for each in ledger.billing()["lines"])

        documents = [ledger.invoice(each["number"], SETTINGS) for each in ledger.invoices()["invoices"]]
        assert {each["kind"] for each in documents} == {"invoice", "credit_note"}
        issued = summed((each["currency"], each["totals"]) for each in documents)
        assert {currency: sums[1:] for currency, sums in issued.items()} == {
            currency: sums[1:] for currency, sums in lines.items()
        }
        owed = summed((each["currency"], dict.fromkeys(NAMES, each["totals"]["total"])) for each in documents)
        assert {currency: sums[0] for currency, sums in owed.items()} == {
            currency: sums[1] + sums[2] for currency, sums in lines.items()
        }

        bills = [ledger.mission_bill(each["mission"]) for each in answers[0]["lines"]]
        assert floats([*answers, ledger.billing(), ledger.periods(), ledger.invoices(), documents, bills]) == []
        for period in PERIODS:
            replayed = ledger.replay_period(period)
            del replayed["seconds"]
            assert floats(replayed) == []
