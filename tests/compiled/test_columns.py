"""The columns beside the log: made by whoever writes, whole whatever comes between, and proven by `verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from importing.histories import history, written
from importing.ledgers import imported, opened, verified
from verification.tampering import tampering

from ledger.store.database import Connection, Database, connect
from projections.columns import upkeep
from projections.columns.packing import Packing
from projections.columns.reading import Log, Stored
from projections.live import LiveLedger


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of a few events, so that a short history has several."""
    monkeypatch.setattr(upkeep, "STRETCH", 64)
    monkeypatch.setattr(upkeep, "LEAST", 16)
    monkeypatch.setattr(upkeep, "EVERY", 8)


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Iterator[LiveLedger]:
    """A history of some hundred events, imported and packed."""
    imported(database, written(tmp_path / "h.ndjson", history(200, seed=3)))
    with opened(database) as ledger:
        upkeep.pack(ledger.connection, ledger.position())
        yield ledger


def segments(connection: Connection) -> list[tuple[int, int]]:
    return connection.execute("SELECT first, last FROM ledger.segment ORDER BY first").fetchall()  # type: ignore[return-value]


def read(ledger: LiveLedger) -> list[Any]:
    """Every column of the whole log."""
    whole = Log(Stored(ledger.connection, ledger.position()))
    return [*(column.tolist() for column in whole.whole()[1:]), whole.mission_ids.to_pylist(), *whole.names.values()]


def unlike(ledger: LiveLedger) -> dict[str, Any] | None:
    found: dict[str, Any] | None = verified(ledger)["first_difference"]
    return found


def test_what_is_recorded_is_packed_in_whole_segments(ledger: LiveLedger) -> None:
    packed = segments(ledger.connection)

    assert packed[0][0] == 1
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(packed))
    assert {last - first + 1 for first, last in packed[:-1]} == {64}
    assert ledger.position() - packed[-1][1] < 16
    assert unlike(ledger) is None


def test_packed_or_read_from_the_log_the_columns_are_the_same(ledger: LiveLedger) -> None:
    packed = read(ledger)
    for keep in (3, 1, 0):
        ledger.connection.execute("DELETE FROM ledger.segment WHERE first > %s", [keep * 64])
        again = read(ledger)
        assert [str(each) for each in again[:-7]] == [str(each) for each in packed[:-7]]
        assert [each.number for each in again[-7:]] == [each.number for each in packed[-7:]]


def test_single_events_are_packed_now_and_then(database: Database) -> None:
    with opened(database) as ledger:
        for each in history(40, seed=5)[:60]:
            ledger.record([each], live=False)

        assert segments(ledger.connection)
        assert ledger.position() - segments(ledger.connection)[-1][1] < 16 + 8
        assert unlike(ledger) is None


def test_what_others_pack_meanwhile_stands_and_packing_goes_on_behind_it(database: Database) -> None:
    documents = history(120, seed=7)
    with opened(database) as ledger, opened(database) as other:
        packing = Packing(ledger.connection)
        for start in range(0, len(documents), 40):
            ledger.record(documents[start : start + 20], live=False)
            packing.finish(ledger.position())
            other.record(documents[start + 20 : start + 40], live=False)  # which packs now and then
        packing.finish(ledger.position())

        assert unlike(ledger) is None
        assert ledger.position() - segments(ledger.connection)[-1][1] < 16


def test_a_large_replay_packs_what_was_imported(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "MANY", 100)
    imported(database, written(tmp_path / "h.ndjson", history(200, seed=3)))
    with opened(database) as ledger:
        assert segments(ledger.connection) == []
        ledger.replay(speed="plain")
        assert segments(ledger.connection) == []
        ledger.replay(speed="compiled")
        assert ledger.position() - segments(ledger.connection)[-1][1] < 16
        assert unlike(ledger) is None


def test_two_who_pack_at_once_pack_it_once(ledger: LiveLedger) -> None:
    ledger.connection.execute("DELETE FROM ledger.segment")
    with connect(ledger.database, autocommit=True) as connection:
        first, second = Packing(ledger.connection), Packing(connection)
        for each in (first, second):
            each.finish(ledger.position())

    assert unlike(ledger) is None
    assert segments(ledger.connection)[-1][1] == ledger.position()


def test_a_gap_is_read_from_the_log_and_packed_again(ledger: LiveLedger) -> None:
    before = [str(each) for each in read(ledger)[:-7]]
    ledger.connection.execute("DELETE FROM ledger.segment WHERE first = 65")

    assert upkeep.packed_until(ledger.connection) == 64
    assert [str(each) for each in read(ledger)[:-7]] == before
    assert unlike(ledger) is None

    Packing(ledger.connection).finish(ledger.position())
    assert unlike(ledger) is None
    assert upkeep.packed_until(ledger.connection) > ledger.position() - 16


def test_segments_of_another_layout_are_not_read_and_make_room(
    ledger: LiveLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.connection.execute("UPDATE ledger.segment SET layout = 0")
    assert upkeep.packed_until(ledger.connection) == 0
    assert unlike(ledger) is None

    Packing(ledger.connection).finish(ledger.position())
    assert ledger.connection.execute("SELECT DISTINCT layout FROM ledger.segment").fetchall() == [(upkeep.LAYOUT,)]


def _other_bytes(column: str) -> Callable[[Connection], None]:
    def change(connection: Connection) -> None:
        first = f"(SELECT {column} FROM ledger.segment WHERE first = 1)"
        connection.execute(f"UPDATE ledger.segment SET {column} = {first} WHERE first = 65".encode())

    return change


def _torn(connection: Connection) -> None:
    connection.execute("UPDATE ledger.segment SET events = substr(events, 1, 40) WHERE first = 65")


def _further(connection: Connection) -> None:
    connection.execute("UPDATE ledger.segment SET latest = latest + 1 WHERE first = 65")


@pytest.mark.parametrize("change", [_other_bytes("events"), _other_bytes("details"), _torn, _further])
def test_a_change_of_the_columns_is_found(
    ledger: LiveLedger, database: Database, change: Callable[[Connection], None]
) -> None:
    with tampering(database) as connection:
        change(connection)

    found = unlike(ledger)

    assert found is not None
    assert (found["check"], found["position"], found["table"]) == ("columns", 65, "segment")
