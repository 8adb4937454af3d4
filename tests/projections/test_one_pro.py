"""What is asked about one pro is found by keys: nothing is read whole that grows with the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from ledger.store.database import Database
from projections.live import LiveLedger
from tests.importing.histories import history
from tests.importing.ledgers import opened

QUESTIONS: dict[str, Callable[[LiveLedger], Any]] = {
    "why": lambda ledger: ledger.why("pro-1"),
    "standing": lambda ledger: ledger.standing("pro-1"),
    "warnings": lambda ledger: ledger.warnings("pro-1"),
    "timeline of a pro": lambda ledger: ledger.timeline("pro-1"),
    "timeline of a mission": lambda ledger: ledger.timeline("m-1"),
    "events of a pro": lambda ledger: list(ledger.events(pro="pro-1")),
    "events of a mission": lambda ledger: list(ledger.events(mission="m-1")),
    "replay": lambda ledger: ledger.replay(["pro-1"]),
    "an event by its id": lambda ledger: ledger.locate("m-1-requested"),
}
GROWING = {"event", "participation", "pro_standing", "city_standing", "billing_line", "warning", "proposal", "invoice"}


@pytest.fixture
def ledger(database: Database) -> Iterator[LiveLedger]:
    with opened(database) as live:
        live.record(history(40), live=False)
        yield live


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_that_grows_is_read_whole(ledger: LiveLedger, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bytes, Any]] = []
    execute = psycopg.Cursor.execute

    def noting(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        asked.append((query, params))
        return execute(self, query, params, **options)

    with monkeypatch.context() as listening:
        listening.setattr(psycopg.Cursor, "execute", noting)
        QUESTIONS[question](ledger)
    # As in a large ledger: a small one is scanned because that is quicker.
    ledger.connection.execute("SET enable_seqscan = off")
    scanned = {table for query, params in asked if params for table in scans(ledger, query, params)}
    assert not scanned & GROWING, scanned


def scans(ledger: LiveLedger, query: bytes, params: Any) -> Iterator[str]:
    """The tables that a statement reads from the first row to the last."""
    row = ledger.connection.execute(b"EXPLAIN (FORMAT json) " + query, params).fetchone()
    assert row is not None
    waiting = [(row[0][0]["Plan"], "")]
    while waiting:
        node, above = waiting.pop()
        waiting += [(each, node["Node Type"]) for each in node.get("Plans", ())]
        by_key = "Index Cond" in node or "Recheck Cond" in node or above == "Limit"  # the first row, or the last
        if "Relation Name" in node and not by_key:
            yield node["Relation Name"]
