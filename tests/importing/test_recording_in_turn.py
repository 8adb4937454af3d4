"""Events recorded one at a time, by one ledger or by several in turn: what each keeps in mind is what the log says."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from ledger.errors import LedgerError
from ledger.store.database import Database, connect
from tests.importing.histories import START, Document, accepted, event, requested, written
from tests.importing.ledgers import imported, opened, said
from tests.verification.tampering import documents


def told() -> list[Document]:
    """A history with something of everything, in which two accounts turn out to be one person's half way through."""
    everything = documents()
    at = START + timedelta(days=5)
    link = event("pro.accounts_linked", "pro-3", at, {"accounts": ["pro-4"], "by": "Inès"}, id="link")
    half = len(everything) // 2
    return [*everything[:half], link, *everything[half:]]


@pytest.mark.parametrize("ledgers", [1, 2, 3])
def test_in_turn_is_as_imported_at_once(database: Database, new_database: Any, tmp_path: Path, ledgers: int) -> None:
    chance = Random(ledgers)
    with ExitStack() as stack:
        writers = [stack.enter_context(opened(database)) for _ in range(ledgers)]
        for each in told():
            chance.choice(writers).record([each], live=False)

    other = new_database()
    imported(other, written(tmp_path / "h.ndjson", told()))
    assert said(database) == said(other)


def test_a_writer_alone_reads_nothing_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    execute = psycopg.Cursor.execute

    def noting(self: Any, query: Any, *more: Any, **options: Any) -> Any:
        asked.append(query)
        return execute(self, query, *more, **options)

    def read() -> int:
        return sum(b"FROM ledger.event" in each for each in asked)

    with opened(database) as ledger, opened(database) as other:
        other.record([requested("m-1"), requested("m-2")], live=False)
        ledger.record([accepted("m-1", "pro-1")], live=False)
        monkeypatch.setattr(psycopg.Cursor, "execute", noting)
        ledger.record([accepted("m-2", "pro-1")], live=False)
        alone = read()
        other.record([requested("m-3"), requested("m-4")], live=False)
        asked.clear()
        ledger.record([accepted("m-3", "pro-1")], live=False)

    assert alone < read()
    said(database)


def test_what_could_not_be_written_is_not_kept_in_mind(database: Database) -> None:
    terms, *_ = documents()
    with opened(database) as ledger, connect(database, autocommit=True) as connection:
        ledger.record([requested("m-1")], live=False)
        connection.execute("ALTER TABLE projection.checkpoint RENAME TO elsewhere")
        for each in (terms, accepted("m-1", "pro-1")):
            with pytest.raises(LedgerError):
                ledger.record([each], live=False)
        connection.execute("ALTER TABLE projection.elsewhere RENAME TO checkpoint")

        outcomes = [ledger.record([each], live=False)[0] for each in (accepted("m-1", "pro-2"), terms)]

        assert [each.status for each in outcomes] == ["recorded", "recorded"]
        assert [each["pro"] for each in ledger.standings()["pros"]] == ["pro-2"]
    said(database)
