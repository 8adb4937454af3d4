"""A ledger of an older program after an upgrade: nothing found is lost, every figure is right, and verify is green."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest

from commands.main import run
from ledger.engine import ENGINE_REVISION
from ledger.errors import DatabaseUnusable, IntegrityBroken
from ledger.store import embedded
from ledger.store.database import Database, connect
from ledger.store.schema import HEAD, current, migrate
from projections import filling
from projections.statements import sql
from tests.importing.histories import START, Document, accepted, event, requested
from tests.importing.ledgers import opened, verified
from tests.upgrading.older import copied_to_older_schema, recorded_by_older_rules, rows
from tests.verification.tampering import documents, find, rewrite, tampering

Make = Callable[..., Database]


@pytest.fixture
def source(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """What the older program recorded, in a database of today: its projections are what the upgrade must give."""
    recorded_by_older_rules(database, monkeypatch)
    return database


@pytest.fixture
def older(source: Database, new_database: Make) -> Database:
    """The same at the older schema, with figures counted in another way."""
    return copied_to_older_schema(source, new_database(empty=True))


def upgraded(database: Database) -> int:
    """Migrate and fill, as `mission-ledger migrate` does; how many events were folded."""
    migrate(database)
    return filling.fill(database)


def missed(pro: str, missions: int) -> list[Document]:
    """No-shows of a pro: today's rules warn at the first and exclude at the second."""
    told: list[Document] = []
    for number in range(missions):
        mission = f"m-after-{pro}-{number}"
        told += [requested(mission), accepted(mission, pro)]
        absent = START + timedelta(days=3, hours=1)
        told.append(event("mission.no_show", mission, absent, {"reported_by": "client"}, id=f"{mission}-no"))
    return told


def detail(answer: dict[str, Any]) -> str:
    (found,) = [each["detail"] for each in answer["checks"] if each["check"] == "findings"]
    return str(found)


def test_the_older_rules_would_not_be_found_today(source: Database) -> None:
    """The tests below would prove nothing otherwise."""
    with opened(source) as ledger:
        answer = verified(ledger)
        assert answer["first_difference"]["check"] == "findings"
        assert detail(answer) == "differs"


def test_an_upgraded_ledger_is_whole_and_its_figures_are_right(source: Database, older: Database) -> None:
    with pytest.raises(DatabaseUnusable) as caught, opened(older):
        pass
    assert caught.value.code == "schema_outdated"
    last = upgraded(older)
    assert rows(older) == rows(source)
    with opened(older) as ledger, opened(source) as before:
        assert ledger.position() == last > 700
        assert ledger.warnings() == before.warnings()
        assert ledger.standings() == before.standings()
        answer = verified(ledger)
    assert answer["ok"], answer
    assert detail(answer).endswith(
        f"findings up to #{last} were made by revision 1 of the rules and are taken as recorded"
    )
    assert upgraded(older) == 0  # once


def test_after_the_upgrade_todays_rules_judge(older: Database) -> None:
    last = upgraded(older)
    with opened(older) as ledger:
        outcomes = ledger.record([*missed("new-1", 2), *missed("new-2", 1)], live=False)
        found = [(each["type"], each["subject"]) for outcome in outcomes for each in outcome.findings]
        assert found == [
            ("pro.warned", "new-1"),
            ("pro.suspension_proposed", "new-1"),
            ("pro.suspended", "new-1"),
            ("pro.warned", "new-2"),
        ]
        answer = verified(ledger)
        assert answer["ok"], answer
        assert f"up to #{last} " in detail(answer)
        assert ledger.position() > last


def test_what_older_rules_found_still_counts(older: Database) -> None:
    """A warning that today's rules would not give is a step of the ladder all the same."""
    upgraded(older)
    with opened(older) as ledger:
        counts = "SELECT pro FROM projection.warning WHERE rule = 'cancellation.rate' GROUP BY pro HAVING count(*) > 1"
        row = ledger.connection.execute(counts).fetchone()
        assert row is not None
        warned = ledger.standing(row[0])["warnings"]
        assert sum(each["rule"] == "cancellation.rate" for each in warned) > 1


def test_what_a_person_decided_then_stands_and_is_refused_now(older: Database) -> None:
    upgraded(older)
    with opened(older) as ledger:
        assert [each["id"] for each in ledger.events(pro="pro-settled")] == ["settled"]
        settled = {"by": "A. Favre", "reason": "once more"}
        (again,) = ledger.record([event("pro.reinstated", "pro-settled", START, settled, id="again")], live=False)
        assert again.error is not None
        assert again.error.code == "invalid_transition"
        assert verified(ledger)["ok"]


@pytest.mark.parametrize("where", ["after", "before"])
def test_a_finding_is_compared_after_the_upgrade_and_not_before_it(older: Database, where: str) -> None:
    last = upgraded(older)
    with opened(older) as ledger:
        ledger.record(missed("new-1", 1), live=False)
    with tampering(older) as connection:
        beyond = f"type = 'pro.warned' AND position {'>' if where == 'after' else '<='} {last}"
        position = find(connection, beyond)
        rewrite(connection, position, digest=True, evidence=[1])
    with opened(older) as ledger:
        first = verified(ledger)["first_difference"]
    if where == "after":
        assert (first["check"], first["position"]) == ("findings", position)
    else:  # whole in itself, so only the projection that was written from it can tell
        assert (first["check"], first["table"]) == ("projections", "warning")


def test_the_log_before_the_upgrade_is_still_proved(older: Database) -> None:
    upgraded(older)
    with tampering(older) as connection:
        position = find(connection, "type = 'pro.warned'")
        rewrite(connection, position, digest=False, evidence=[1])
    with opened(older) as ledger:
        first = verified(ledger)["first_difference"]
    assert (first["check"], first["position"]) == ("log", position)


def test_an_embedded_ledger_upgrades_itself_when_it_is_opened_once(
    source: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied_to_older_schema(source, Database(url=embedded.start(folder), folder=folder))
    folded: list[int] = []
    fold = filling.fold

    def counted(*arguments: Any) -> int:
        folded.append(1)
        return fold(*arguments)

    monkeypatch.setattr(filling, "fold", counted)

    def standings(_: int) -> Any:
        with opened(folder) as ledger:
            return ledger.standings()

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(standings, range(3)))
    with opened(source) as ledger:
        assert said == [ledger.standings()] * 3
    assert folded == [1]
    assert rows(folder) == rows(source)
    with opened(folder) as ledger:
        assert verified(ledger)["ok"]


def test_a_filling_that_is_cut_off_changes_nothing_and_is_done_the_next_time(source: Database, older: Database) -> None:
    migrate(older)

    @contextmanager
    def cut_off() -> Iterator[Callable[[int, int], None]]:
        def progress(done: int, of: int) -> None:
            raise KeyboardInterrupt

        yield progress

    with pytest.raises(KeyboardInterrupt):
        filling.fill(older, cut_off)
    with connect(older, autocommit=True) as connection:
        assert connection.execute("SELECT DISTINCT version FROM projection.checkpoint").fetchall() == [(1,)]
    with pytest.raises(DatabaseUnusable, match="run mission-ledger migrate") as caught, opened(older):
        pass
    assert caught.value.code == "projections_outdated"
    assert filling.fill(older) > 700
    assert rows(older) == rows(source)


def test_a_log_that_cannot_be_folded_is_named_and_nothing_changes(older: Database) -> None:
    migrate(older)
    with tampering(older) as connection:
        position = find(connection, "type = 'mission.requested' AND stream = 'mission/m-20'")
        changed = (
            "UPDATE ledger.event SET stream = 'mission/other', state = replace(convert_from(state, 'UTF8'), %s, %s)"
        )
        names = ('"subject":"m-20"', '"subject":"other"')
        connection.execute(f"{changed}::bytea WHERE position = {position}".encode(), names)
    with pytest.raises(IntegrityBroken, match="run mission-ledger verify"):
        filling.fill(older)
    with connect(older, autocommit=True) as connection:
        assert connection.execute("SELECT DISTINCT version FROM projection.checkpoint").fetchall() == [(1,)]


def test_a_program_of_the_older_revision_can_no_longer_write(older: Database) -> None:
    """What it writes in the commit of every event is refused, so nothing of that commit stays."""
    upgraded(older)
    with connect(older, autocommit=True) as connection, connection.transaction(force_rollback=True):
        connection.execute("SET search_path TO projection")
        older_rows = orjson.dumps([{"name": "standing", "version": 1, "position": 10**6}]).decode()
        with pytest.raises(psycopg.errors.CheckViolation, match="restart_what_runs_an_older_mission_ledger"):
            connection.execute(sql("merge_checkpoint"), {"rows": older_rows})


def test_figures_of_a_later_program_are_not_overwritten(database: Database) -> None:
    with opened(database) as ledger:
        ledger.record(missed("p", 1), live=False)
    with connect(database, autocommit=True) as connection:
        connection.execute("UPDATE projection.checkpoint SET version = 99 WHERE name = 'standing'")
    for opening in (lambda: opened(database).__enter__(), lambda: filling.fill(database)):
        with pytest.raises(DatabaseUnusable, match="upgrade mission-ledger") as caught:
            opening()
        assert caught.value.code == "projections_newer"


def test_migrate_fills_and_says_so(older: Database, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--database", older.url, "--json"]) == 0
    said = orjson.loads(capfd.readouterr().out)
    assert (said["from"], said["to"], said["changed"]) == ("0002", HEAD, True)
    assert said["filled"] > 700
    assert run(["migrate", "--database", older.url, "--json"]) == 0
    assert orjson.loads(capfd.readouterr().out)["filled"] == 0
    assert run(["verify", "--database", older.url]) == 0
    assert "made by revision 1 of the rules" in capfd.readouterr().out


def test_figures_alone_can_be_out_of_date(older: Database, capfd: pytest.CaptureFixture[str]) -> None:
    """As after `migrate --sql`, which an administrator ran by hand."""
    migrate(older)
    assert run(["status", "--database", older.url]) == 5
    assert "(projections_outdated)" in capfd.readouterr().err
    assert run(["migrate", "--database", older.url]) == 0
    assert "is at version" in (said := capfd.readouterr().out)
    assert "figures were written anew from" in said
    assert run(["status", "--database", older.url]) == 0


class Meanwhile:
    """A connection behind whose first question something else happens."""

    def __init__(self, connection: Any, happens: Callable[[], object]) -> None:
        self._connection = connection
        self._happens = happens

    def execute(self, query: bytes) -> Any:
        """Ask; after the first time, let it happen."""
        answer = self._connection.execute(query)
        happens, self._happens = self._happens, lambda: None
        happens()
        return answer


def test_a_ledger_opened_while_its_first_event_is_recorded_is_not_outdated(database: Database) -> None:
    with opened(database) as ledger, opened(database) as writer:
        reader: Any = Meanwhile(ledger.connection, lambda: writer.record([requested("m-first")], live=False))
        assert filling.outdated(reader) is False
        assert ledger.position() == 1
        assert filling.outdated(ledger.connection) is False


def test_an_empty_ledger_has_nothing_to_fill(new_database: Make) -> None:
    database = new_database(empty=True)
    assert upgraded(database) == 0
    with connect(database) as connection:
        assert current(connection) == HEAD
    with opened(database) as ledger:
        answer = verified(ledger)
        assert answer["ok"]
        assert "revision" not in detail(answer)


def test_the_migrations_say_since_when_this_programs_rules_judge(database: Database, older: Database) -> None:
    with connect(database, autocommit=True) as fresh:
        found = fresh.execute(sql("engine")).fetchall()
        assert [revision for revision, _ in found] == list(range(1, ENGINE_REVISION + 1))
        assert {after for _, after in found} == {0}
    last = upgraded(older)
    with connect(older, autocommit=True) as connection:
        assert connection.execute(sql("engine")).fetchall()[:2] == [(1, 0), (2, last)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.engine SET after_position = 7",
        "DELETE FROM ledger.engine",
        "TRUNCATE ledger.engine",
    ],
)
def test_what_judged_which_events_cannot_be_changed(database: Database, change: str) -> None:
    with connect(database, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RestrictViolation, match=r"ledger\.engine is append-only"):
            connection.execute(change.encode())
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL ROLE mission_ledger_writer")
            assert len(connection.execute(sql("engine")).fetchall()) == ENGINE_REVISION
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("INSERT INTO ledger.engine VALUES (99, 0)")


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("DELETE FROM ledger.engine WHERE revision = (SELECT max(revision) FROM ledger.engine)", "findings"),
        ("INSERT INTO ledger.engine SELECT max(revision) + 1, 0 FROM ledger.engine", "findings"),
        ("UPDATE ledger.engine SET after_position = 10000 WHERE revision > 1", "log"),
    ],
)
def test_verify_finds_what_an_administrator_did_to_it(database: Database, change: str, check: str) -> None:
    with opened(database) as ledger:
        ledger.record(documents()[:40], live=False)
    with connect(database, autocommit=True) as connection:
        connection.execute("ALTER TABLE ledger.engine DISABLE TRIGGER ALL")
        connection.execute(change.encode())
    with opened(database) as ledger:
        first = verified(ledger)["first_difference"]
    assert (first["check"], first["table"]) == (check, "engine")
