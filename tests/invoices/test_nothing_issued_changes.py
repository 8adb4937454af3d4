"""Whatever happens after a document was issued, it stays as it was; and the documents always sum to the entries."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from ledger.money import signed_minor
from ledger.store.database import Database
from projections.live import LiveLedger
from tests.invoices.billed import SETTINGS, close, issue, lasted, listed, opened, record, rows, worked
from tests.missions.kit import Document, baseline, event, policy, voided

MONTHS = ("2026-02", "2026-03", "2026-04", "2026-05")
PROS = ("p-1", "p-2", "p-3")


class Life:
    """Missions at random, and things that happen to them afterwards."""

    def __init__(self, ledger: LiveLedger, seed: int) -> None:
        self.ledger = ledger
        self.chance = Random(seed)
        self.missions: list[tuple[list[Document], str]] = []
        self.number = 0

    def month(self, period: str) -> None:
        """Some missions, and then what changes those that are already closed."""
        for _ in range(self.chance.randrange(3, 8)):
            self.work(period)
        steps: tuple[Callable[[], None], ...] = (self.change, self.change, self.void, self.late, self.elsewhere)
        for _ in range(self.chance.randrange(2, 6)):
            self.chance.choice(steps)()

    def work(self, period: str) -> None:
        self.number += 1
        day = f"{period}-{self.chance.randrange(1, 29):02}"
        amount = f"{self.chance.randrange(1, 60)}.{self.chance.randrange(100):02}"
        done = worked(
            f"m-{self.number}",
            self.chance.choice(PROS),
            day,
            minutes=self.chance.randrange(1, 400),
            amount=amount,
            currency=self.chance.choice(("EUR", "CHF")),
            service=self.chance.choice(("repair", "cleaning")),
        )
        record(self.ledger, *done)
        self.missions.append((done, day))

    def change(self) -> None:
        done, day = self.chance.choice(self.missions)
        changed = lasted(done[0]["subject"], self.chance.randrange(1, 400), day)
        self.ledger.record([{**changed, "id": f"changed-{self.chance.random()}"}], live=False)  # refused once voided

    def void(self) -> None:
        done, _ = self.chance.choice(self.missions)
        self.ledger.record([voided(done[-1])], live=False)  # refused the second time

    def late(self) -> None:
        self.work("2026-02")

    def elsewhere(self) -> None:
        version = f"v{self.chance.randrange(10**9)}"
        record(self.ledger, policy(version, "2026-01-01 00:00", billing={"commission": "0.25", "vat": "0.08"}))
        record(self.ledger, {**baseline("lyon", "2026-06-01 09:00", "0.04", "0.06"), "id": version})


def sums(database: Database, table: str) -> list[tuple[Any, ...]]:
    """Commission and VAT per currency over all rows."""
    return rows(database, f"SELECT currency, sum(commission), sum(vat) FROM {table} GROUP BY 1 ORDER BY 1")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_documents_stay_and_sum_to_the_frozen_entries_whatever_happens(database: Database, seed: int) -> None:
    documents: dict[str, Document] = {}
    with opened(database) as ledger:
        life = Life(ledger, seed)
        for period in MONTHS:
            life.month(period)
            close(ledger, period)
            issue(ledger, period, settings=SETTINGS)
            for number, document in documents.items():
                assert ledger.invoice(number, SETTINGS) == document
            documents |= {each["number"]: ledger.invoice(each["number"], SETTINGS) for each in listed(ledger)}
            assert sums(database, "invoice") == sums(database, "billing_entry")
        assert any(each["kind"] == "credit_note" for each in documents.values()), "the life was too quiet"
        erased = event("ledger.subject_erased", "p-1", "2026-08-01 09:00", source="desk", by="ann", reason="asked")
        record(ledger, erased)
        for number, document in documents.items():
            buyer = {"id": "p-1", "erased": True} if document["pro"] == "p-1" else document["buyer"]
            assert ledger.invoice(number, SETTINGS) == {**document, "buyer": buyer}


@pytest.mark.parametrize("seed", [4])
def test_every_document_is_the_sum_of_its_lines(database: Database, seed: int) -> None:
    with opened(database) as ledger:
        life = Life(ledger, seed)
        for period in MONTHS[:2]:
            life.month(period)
            close(ledger, period)
            issue(ledger, period)
        for each in listed(ledger):
            document = ledger.invoice(each["number"], SETTINGS)
            currency, totals = document["currency"], document["totals"]
            for name in ("gross", "commission", "vat"):
                total = sum(signed_minor(line[name], currency) for line in document["lines"])
                assert total == signed_minor(totals[name], currency)
            for name, column in (("base", "commission"), ("vat", "vat")):
                total = sum(signed_minor(rate[name], currency) for rate in document["vat_breakdown"])
                assert total == signed_minor(totals[column], currency)
            assert (each["total"], each["commission"]) == (totals["total"], totals["commission"])
