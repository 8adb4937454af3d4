"""A request that was voided and told again brings back the line of the session it belongs to."""

from __future__ import annotations

from ledger.store.database import Database
from tests.invoices.billed import Clock, opened, record, worked
from tests.missions.kit import voided


def test_the_line_is_back_with_the_request(database: Database) -> None:
    first, other = worked("m-1"), worked("m-2", "p-2")
    with opened(database, Clock()) as ledger:
        record(ledger, *first, *other)
        before = ledger.billing()["lines"]
        assert [each["mission"] for each in before] == ["m-1", "m-2"]

        record(ledger, voided(first[0]))
        assert [each["mission"] for each in ledger.billing()["lines"]] == ["m-2"]

        record(ledger, {**first[0], "id": "again"})
        assert ledger.billing()["lines"] == before
