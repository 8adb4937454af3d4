"""While a rebuild goes on others record, ask and verify; and there is one rebuild at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest

from commands.main import run
from ledger.errors import Conflict
from ledger.store.database import Database, connect
from projections import beside, rebuilding
from projections.live import LiveLedger
from projections.snapshot import snapshot
from tests.importing.histories import accepted, requested
from tests.importing.ledgers import opened, position
from tests.rebuilding.rebuilt import BUILT, KEPT, ended, folded, rebuilt, rows, schemas, start, told, wait_until, whole


def recorded(ledger: LiveLedger, name: str, missions: int = 12) -> None:
    """Missions of two pros, one event a commit: often enough for every statement to be prepared."""
    for number in range(missions):
        for document in (requested(f"{name}-{number}"), accepted(f"{name}-{number}", f"pro-{number % 2 * 3}")):
            (outcome,) = ledger.record([document], live=False)
            assert outcome.status == "recorded"


def accepted_by(ledger: LiveLedger, pro: str) -> int:
    return int(ledger.standing(pro)["cities"]["paris"]["accepted"])


def test_what_is_recorded_during_a_rebuild_is_in_it(honest: Database) -> None:
    with opened(honest) as ledger:
        before = accepted_by(ledger, "pro-0") + accepted_by(ledger, "pro-3")
    writers = [start("record", honest, name) for name in ("one", "two")]
    for each in writers:
        told(each, b"there")
    builder = start("stop_half_way", honest, "300")
    told(builder, b"there")
    began = position(honest)
    wait_until(lambda: position(honest) > began + 20)
    answer = ended(builder)
    at = position(honest)
    wait_until(lambda: position(honest) > at + 20)  # by the writers that were there before the switch
    missions = sum(ended(each) for each in writers)
    assert (answer["switched"], answer["ok"]) == (True, True), answer
    assert began + 20 < answer["position"] <= at
    with opened(honest) as ledger:
        assert accepted_by(ledger, "pro-0") + accepted_by(ledger, "pro-3") == before + missions
    assert whole(honest)


def test_a_ledger_opened_before_writes_into_the_new_tables_and_reads_them(honest: Database) -> None:
    with opened(honest) as ledger, opened(honest) as another:
        recorded(ledger, "before")
        for _ in range(12):
            another.standing("pro-0"), another.billing(pro="pro-0"), another.warnings("pro-0")
        count = accepted_by(another, "pro-0")
        assert rebuilt(honest)["switched"]
        kept = rows(honest, KEPT)
        recorded(ledger, "after")
        assert accepted_by(another, "pro-0") == count + 6
        assert rows(honest, KEPT) == kept
        live = str(rows(honest)["participation"])
        assert "before-11" in live
        assert "after-11" in live
        rebuilding.drop_old(honest)
        recorded(ledger, "later")
        assert accepted_by(another, "pro-0") == count + 12
    assert whole(honest)


def test_a_question_about_one_state_holds_the_switch_off(honest: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would find the new tables as they were when it began: empty. Nobody who records waits for it."""
    monkeypatch.setattr(rebuilding, "LINGERING_SECONDS", 0.1)
    lines = "SELECT count(*) FROM projection.billing_line"
    with opened(honest) as reader, opened(honest) as writer, ThreadPoolExecutor(1) as pool:
        expected = reader.connection.execute(lines).fetchone()
        with snapshot(reader.connection):
            last = reader.connection.execute("SELECT max(position) FROM ledger.event").fetchone()
            building = pool.submit(rebuilt, honest)
            wait_until(lambda: folded(honest) == position(honest))
            recorded(writer, "meanwhile")
            assert not building.done()
            assert last == reader.connection.execute("SELECT max(position) FROM ledger.event").fetchone()
            assert reader.connection.execute(lines).fetchone() == expected != (0,)
        answer = building.result(60)
        assert (answer["switched"], answer["position"]) == (True, position(honest))
    assert whole(honest)


def test_a_rebuild_loses_its_patience_names_who_reads_and_goes_on_later(
    honest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "LINGERING_SECONDS", 0.1)
    monkeypatch.setattr(rebuilding, "PATIENCE_SECONDS", 0.5)
    monkeypatch.setattr(rebuilding, "LITTLE", 0)
    before = rows(honest)
    with opened(honest) as reader, snapshot(reader.connection):
        pid = reader.connection.info.backend_pid
        with pytest.raises(Conflict, match=rf"process {pid} of the server") as caught:
            rebuilt(honest)
        assert caught.value.code == "concurrent_change"
    assert schemas(honest) == [BUILT]
    assert rows(honest) == before
    answer = rebuilt(honest)
    assert (answer["switched"], answer["events"], answer["resumed_at"]) == (True, 0, position(honest))
    assert whole(honest)


def test_a_reader_that_comes_at_the_last_moment_undoes_the_last_step_only(
    honest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "STILL_SECONDS", 0.1)
    tries: list[Any] = []
    exchange = beside.exchange
    with opened(honest) as reader, opened(honest) as writer:

        def interrupted(connection: beside.Connection) -> bool:
            """The first time somebody begins to read just before, and records afterwards."""
            tries.append(None)
            if len(tries) > 1:
                return exchange(connection)
            with snapshot(reader.connection):
                assert not exchange(connection)
            return False

        monkeypatch.setattr(beside, "exchange", interrupted)
        lingering = beside.lingering

        def recording(connection: beside.Connection, seconds: float) -> list[int]:
            if len(tries) == 1:
                recorded(writer, "between")
            return lingering(connection, seconds)

        monkeypatch.setattr(beside, "lingering", recording)
        answer = rebuilt(honest)
    assert len(tries) == 2
    assert (answer["switched"], answer["position"]) == (True, position(honest))
    assert whole(honest)


def test_a_second_rebuild_refuses_in_one_line(
    honest: Database, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("projections.claiming.CLAIM_SECONDS", 0.2)
    first = start("stop_half_way", honest, "100")
    told(first, b"there")
    for more in ([], ["--drop-old"]):
        assert run(["rebuild", "--database", honest.url, *more]) == 3
        said = capfd.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert "is being rebuilt already; wait for that to end (rebuild_running)" in said.err
    assert run(["rebuild", "--database", honest.url, "--json"]) == 3
    assert orjson.loads(capfd.readouterr().err)["error"]["code"] == "rebuild_running"
    assert ended(first)["switched"]
    assert whole(honest)


def test_two_rebuilds_at_once_end_with_one_done(honest: Database) -> None:
    answers = [ended(each) for each in [start("rebuild", honest) for _ in range(2)]]
    done = [each for each in answers if each.get("switched")]
    others = {each["code"] for each in answers if "code" in each}
    assert len(done) == 1, answers
    assert others <= {"rebuild_running", "projections_kept"}
    assert schemas(honest) == [KEPT]
    assert whole(honest)


def test_tables_that_a_migration_changes_meanwhile_are_not_switched(
    honest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold_on = rebuilding.fold_on

    def migrating(*arguments: Any) -> None:
        fold_on(*arguments)
        with connect(honest, autocommit=True) as connection:
            connection.execute("CREATE INDEX IF NOT EXISTS added ON projection.billing_line (city)")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(rebuilding, "fold_on", migrating)
        with pytest.raises(Conflict, match="run it again"):
            rebuilt(honest)
    answer = rebuilt(honest)  # from the start, as what was built is no longer like the live tables
    assert (answer["switched"], answer["resumed_at"]) == (True, 0)
    assert whole(honest)
