"""A rebuild gives what is live, says so, and takes its place; what differs is named and nothing is switched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from commands.demo.month import events
from commands.main import run
from ledger.errors import DatabaseUnusable, IntegrityBroken, Refused
from ledger.store import embedded
from ledger.store.database import Database, connect
from projections.catalogue import PROJECTIONS
from projections.folding import TABLES
from projections.rebuilding import drop_old
from tests.importing.histories import written
from tests.importing.ledgers import imported, opened
from tests.rebuilding.rebuilt import BUILT, KEPT, change, outline, rebuilt, rows, schemas, whole
from tests.verification.tampering import find, tampering

Make = Callable[..., Database]
SAME = {"compared": True, "same": True}


@pytest.mark.parametrize("batch", [40, 10_000])
def test_a_rebuild_is_what_was_live_and_takes_its_place(
    honest: Database, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("projections.folding.BATCH", batch)
    monkeypatch.setattr("projections.rebuilding.LITTLE", 0)
    before = rows(honest)
    assert all(before.values())
    answer = rebuilt(honest)
    counted = {each["name"]: each.pop("rows") for each in answer["projections"]}
    assert counted == {each.name: sum(len(before[table]) for table in each.tables) for each in PROJECTIONS}
    assert answer["projections"] == [
        {"name": each.name, "version_live": each.version, "version_built": each.version, **SAME} for each in PROJECTIONS
    ]
    assert (answer["ok"], answer["switched"], answer["kept"], answer["first_difference"]) == (True, True, KEPT, None)
    with opened(honest) as ledger:
        assert answer["position"] == answer["events"] == ledger.position() > 700
    assert rows(honest) == rows(honest, KEPT) == before
    assert schemas(honest) == [KEPT]
    assert whole(honest)


def test_every_table_has_a_key(database: Database) -> None:
    """The comparison rests on it: no row is in a table twice."""
    keyed = {table for table, kind, name, text in outline(database) if kind == "constraint" and "PRIMARY KEY" in text}
    assert keyed == set(TABLES)


def test_a_rebuild_of_the_demo_month(database: Database, tmp_path: Path) -> None:
    imported(database, written(tmp_path / "month.ndjson", events()))
    before = rows(database)
    answer = rebuilt(database)
    assert (answer["ok"], answer["switched"]) == (True, True)
    assert rows(database) == before
    assert whole(database)


def test_an_empty_ledger_is_rebuilt_too(database: Database) -> None:
    answer = rebuilt(database)
    assert (answer["ok"], answer["switched"], answer["position"], answer["events_per_second"]) == (True, True, 0, 0)
    assert {each["version_live"] for each in answer["projections"]} == {None}
    assert whole(database)


def test_the_new_tables_are_like_those_before(honest: Database) -> None:
    """Names of indexes, the fence against older programs, words, privileges, also those that others added."""
    change(
        honest,
        "GRANT SELECT ON projection.billing_line TO PUBLIC",
        "GRANT SELECT (pro) ON projection.pro_standing TO PUBLIC",
        "GRANT UPDATE ON projection.warning TO mission_ledger_writer WITH GRANT OPTION",
        "CREATE INDEX by_the_administrator ON projection.billing_line (lower(city)) WHERE gross > 0",
    )
    before = outline(honest)
    text = str(before)
    for expected in ("restart_what_runs_an_older", "fillfactor=85", "mission_ledger_writer", "by_the_administrator"):
        assert expected in text
    oids = "SELECT oid FROM pg_class WHERE relnamespace = 'projection'::regnamespace AND relkind = 'r'"
    with connect(honest, autocommit=True) as connection:
        earlier = set(connection.execute(oids).fetchall())
        rebuilt(honest)
        assert not earlier & set(connection.execute(oids).fetchall())  # they are others
    assert outline(honest) == before


def test_what_a_superuser_rebuilds_still_belongs_to_its_owner(honest: Database) -> None:
    owner = "mission_ledger_writer"
    tables = [table for (table, kind, *_) in outline(honest) if kind == "table"]
    change(honest, f"ALTER SCHEMA projection OWNER TO {owner}")
    change(honest, *(f"ALTER TABLE projection.{table} OWNER TO {owner}" for table in tables))
    before = outline(honest)
    rebuilt(honest)
    assert outline(honest) == before
    owners = {
        name
        for schema in ("projection", KEPT)
        for _, kind, name, _ in outline(honest, schema)
        if kind in ("table", "schema")
    }
    assert owners == {owner}


def test_a_program_that_may_only_record_goes_on_and_may_not_rebuild(honest: Database) -> None:
    writer = Database(url=f"{honest.url}&options=-c%20role%3Dmission_ledger_writer")
    with pytest.raises(DatabaseUnusable, match="connect as the owner"):
        rebuilt(writer)
    assert schemas(honest) == []
    rebuilt(honest)
    document = {**events()[0], "id": "afterwards", "subject": "m-afterwards"}
    with opened(writer) as ledger:
        assert ledger.record([document], live=False)[0].status == "recorded"
        assert ledger.status()["rebuild_events_per_second"] > 0
    assert whole(honest)


CHANGES = {
    "a figure": (
        "billing",
        "billing_line",
        "UPDATE projection.billing_line SET gross = gross + 1 WHERE mission = 'm-20'",
    ),
    "a row less": ("standing", "participation", "DELETE FROM projection.participation WHERE mission = 'm-20'"),
    "a row more": (
        "warnings",
        "warning",
        "INSERT INTO projection.warning SELECT 999999, event, pro, ladder, rule, policy, at, expires_at, figures,"
        " evidence, voided FROM projection.warning LIMIT 1",
    ),
    "the position": ("billing", "checkpoint", "UPDATE projection.checkpoint SET position = 7 WHERE name = 'billing'"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_difference_is_named_and_nothing_is_switched(
    honest: Database, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    projection, table, statement = CHANGES[what]
    change(honest, statement)
    before = rows(honest)
    assert run(["rebuild", "--database", honest.url, "--json"]) == 4
    said = capfd.readouterr()
    answer, error = orjson.loads(said.out), orjson.loads(said.err)["error"]
    assert (answer["ok"], answer["switched"], answer["kept"]) == (False, False, None)
    assert {each["name"]: each["same"] for each in answer["projections"]} == {
        each.name: each.name != projection for each in PROJECTIONS
    }
    first = answer["first_difference"]
    assert (error["code"], error["first_difference"]) == ("integrity_broken", first)
    assert (first["projection"], first["table"]) == (projection, table)
    named = {"a figure": ("mission", "m-20"), "a row less": ("mission", "m-20"), "a row more": ("position", 999999)}
    column, value = named.get(what, ("name", "billing"))
    assert json.loads(first["row"])[column] == value
    assert schemas(honest) == []
    assert rows(honest) == before
    assert not whole(honest)


def test_what_an_older_version_wrote_is_rebuilt_and_may_differ(
    honest: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    right = rows(honest)
    change(
        honest,
        "UPDATE projection.checkpoint SET version = 0 WHERE name = 'billing'",
        "UPDATE projection.billing_line SET gross = gross + 1",
    )
    assert run(["status", "--database", honest.url]) == 5  # as the figures are those of an older version
    capfd.readouterr()
    assert run(["rebuild", "--database", honest.url, "--json"]) == 0
    answer = orjson.loads(capfd.readouterr().out)
    told = {each["name"]: (each["version_live"], each["compared"], each["same"]) for each in answer["projections"]}
    assert told == {each.name: (each.version, True, True) for each in PROJECTIONS} | {"billing": (0, False, None)}
    assert (answer["ok"], answer["switched"]) == (True, True)
    assert rows(honest) == right != rows(honest, KEPT)
    assert run(["status", "--database", honest.url]) == 0
    assert whole(honest)


def test_a_difference_counts_though_another_projection_is_of_an_older_version(honest: Database) -> None:
    change(
        honest,
        "UPDATE projection.checkpoint SET version = 0 WHERE name = 'billing'",
        "UPDATE projection.pro_standing SET no_shows = no_shows + 1",
    )
    answer = rebuilt(honest)
    assert (answer["switched"], answer["first_difference"]["table"]) == (False, "pro_standing")
    assert schemas(honest) == []


def test_figures_of_a_later_program_are_not_rebuilt(honest: Database) -> None:
    change(honest, "UPDATE projection.checkpoint SET version = 99 WHERE name = 'billing'")
    with pytest.raises(DatabaseUnusable, match="upgrade mission-ledger"):
        rebuilt(honest)
    assert schemas(honest) == []


def test_a_log_that_cannot_be_folded_is_named_and_nothing_is_left(honest: Database) -> None:
    with tampering(honest) as connection:
        position = find(connection, "type = 'mission.requested' AND stream = 'mission/m-20'")
        connection.execute("DELETE FROM ledger.event WHERE position = %s", (position,))
    with pytest.raises(IntegrityBroken, match="run mission-ledger verify"):
        rebuilt(honest)
    assert schemas(honest) == []


def test_the_tables_from_before_are_kept_until_told(honest: Database, capfd: pytest.CaptureFixture[str]) -> None:
    rebuilt(honest)
    with pytest.raises(Refused, match="--drop-old") as caught:
        rebuilt(honest)
    assert caught.value.code == "projections_kept"
    assert run(["status", "--database", honest.url, "--json"]) == 0
    assert orjson.loads(capfd.readouterr().out)["projections_kept"] == KEPT
    assert run(["rebuild", "--drop-old", "--database", honest.url, "--json"]) == 0
    assert orjson.loads(capfd.readouterr().out) == {"ok": True, "dropped": [KEPT]}
    assert schemas(honest) == []
    assert drop_old(honest) == []
    assert rebuilt(honest)["switched"]
    assert whole(honest)


def test_what_others_hung_on_the_tables_stands_in_the_way(honest: Database) -> None:
    """A view would go on with the tables from before, and its figures would stand still."""
    change(honest, "CREATE VIEW public.turnover AS SELECT sum(gross) FROM projection.billing_line")
    with pytest.raises(Refused, match=r"view public.turnover would go on") as caught:
        rebuilt(honest)
    assert caught.value.code == "projections_in_use"
    change(honest, "DROP VIEW public.turnover", "CREATE PUBLICATION told FOR TABLE projection.warning")
    with pytest.raises(Refused, match="publication told"):
        rebuilt(honest)
    change(honest, "DROP PUBLICATION told")
    assert rebuilt(honest)["switched"]


def test_an_embedded_ledger_and_what_a_person_reads(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    embedded.start(folder)
    imported(folder, written(tmp_path / "month.ndjson", events()))
    before = rows(folder)
    assert run(["rebuild", "--database", str(folder)]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert [line.split() for line in said.out.splitlines()[2 : 2 + len(PROJECTIONS)]] == [
        [each.name, str(each.version), str(sum(len(before[table]) for table in each.tables)), "same"]
        for each in PROJECTIONS
    ]
    assert "kept in schema projection_old until mission-ledger rebuild --drop-old" in said.out
    assert run(["status", "--database", str(folder), "--json"]) == 0
    assert orjson.loads(capfd.readouterr().out)["rebuild_events_per_second"] > 0
    assert run(["rebuild", "--database", str(folder)]) == 1
    assert capfd.readouterr().err.count("\n") == 1
    assert run(["rebuild", "--drop-old", "--database", str(folder)]) == 0
    assert capfd.readouterr().out == f"dropped {KEPT}\n"
    assert rows(folder) == before
    assert whole(folder)


def test_the_speed_of_the_last_rebuild_is_in_the_status(honest: Database) -> None:
    def speed() -> Any:
        with opened(honest) as ledger:
            return ledger.status()["rebuild_events_per_second"]

    assert speed() is None
    answer = rebuilt(honest)
    assert abs(speed() - answer["events"] / answer["seconds"]) <= 1
    drop_old(honest)
    change(honest, "UPDATE projection.billing_line SET gross = gross + 1")
    before = speed()
    assert not rebuilt(honest)["switched"]
    assert speed() == before
    assert BUILT not in schemas(honest)
