"""A rebuild that is killed, at whatever point, leaves the live projections as they are; the next one goes on."""

from __future__ import annotations

import pytest

from ledger.errors import DatabaseUnusable
from ledger.store.database import Database, connect
from projections import rebuilding
from tests.importing.histories import accepted, requested
from tests.importing.ledgers import opened, position
from tests.rebuilding.rebuilt import BUILT, KEPT, change, folded, rebuilt, rows, schemas, start, told, whole

HALF = 300


def killed(database: Database, task: str, *arguments: str) -> None:
    """A rebuild in a process of its own, killed with SIGKILL where the task waits."""
    process = start(task, database, *arguments)
    told(process, b"there")
    process.kill()
    process.communicate()


@pytest.fixture
def half_way(honest: Database) -> Database:
    """A ledger whose rebuild was killed half way."""
    killed(honest, "stop_half_way", str(HALF))
    return honest


def test_killed_half_way_it_goes_on_where_it_was(half_way: Database) -> None:
    assert schemas(half_way) == [BUILT]
    assert HALF <= folded(half_way) < position(half_way)
    before = rows(half_way)
    assert whole(half_way)
    with opened(half_way) as ledger:  # recording goes on
        for document in (requested("m-since"), accepted("m-since", "pro-2")):
            assert ledger.record([document], live=False)[0].status == "recorded"
    answer = rebuilt(half_way)
    assert HALF <= answer["resumed_at"] < answer["position"] == position(half_way)
    assert answer["events"] == answer["position"] - answer["resumed_at"]
    assert (answer["ok"], answer["switched"]) == (True, True)
    assert {each["same"] for each in answer["projections"]} == {True}
    assert schemas(half_way) == [KEPT]
    assert rows(half_way) != before
    assert whole(half_way)


def test_killed_half_way_it_may_be_dropped(half_way: Database) -> None:
    before = rows(half_way)
    assert rebuilding.drop_old(half_way) == [BUILT]
    assert schemas(half_way) == []
    assert rows(half_way) == before


def test_killed_and_then_the_tables_changed_it_begins_again(half_way: Database) -> None:
    change(half_way, "COMMENT ON COLUMN projection.billing_line.city IS 'Where it was.'")
    answer = rebuilt(half_way)
    assert (answer["resumed_at"], answer["switched"]) == (0, True)
    assert schemas(half_way) == [KEPT]
    assert whole(half_way)


def test_half_of_it_tampered_with_is_found_by_the_comparison(half_way: Database) -> None:
    change(half_way, f"UPDATE {BUILT}.billing_line SET gross = gross + 1")
    answer = rebuilt(half_way)
    assert (answer["switched"], answer["first_difference"]["table"]) == (False, "billing_line")
    assert schemas(half_way) == []
    assert rebuilt(half_way)["switched"]  # the next one builds it afresh
    assert whole(half_way)


def test_killed_before_the_commit_nothing_was_switched(honest: Database) -> None:
    before = rows(honest)
    killed(honest, "stop_before_the_commit")
    assert rows(honest) == before
    assert schemas(honest) == [BUILT]
    assert whole(honest)
    answer = rebuilt(honest)
    assert answer["switched"]
    assert answer["resumed_at"] == position(honest)
    assert rows(honest) == rows(honest, KEPT) == before
    assert schemas(honest) == [KEPT]
    assert whole(honest)


def test_a_connection_that_is_cut_is_one_clear_error(honest: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.folding.BATCH", 100)
    before = rows(honest)
    cut: list[int] = []

    def progress(done: int, of: int) -> None:
        if done >= HALF and not cut:
            cut.append(done)
            with connect(honest, autocommit=True) as connection:
                query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                connection.execute(f"{query} AND pid <> pg_backend_pid()".encode())

    with pytest.raises(DatabaseUnusable):
        rebuilding.rebuild(honest, progress=progress)
    assert rows(honest) == before
    answer = rebuilt(honest)
    assert (answer["switched"], answer["resumed_at"]) == (True, *cut)
    assert whole(honest)
