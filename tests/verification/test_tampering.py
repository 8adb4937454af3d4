"""`verify` is green over an honest ledger and finds each kind of tampering, naming the first bad position or table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.store.database import Connection, Database
from projections import catalogue, folding
from projections.statements import sql
from tests.importing.histories import written
from tests.importing.ledgers import imported, opened
from tests.verification.tampering import documents, find, recorded, remove, rewrite, tampering, verified

TABLES = [table for projection in catalogue.PROJECTIONS for table in projection.tables]
FINDING = "source = 'mission-ledger/engine' AND type = "


@pytest.fixture
def honest(database: Database, tmp_path: Path) -> Database:
    """A ledger with rows in every projection."""
    recorded(database, tmp_path)
    return database


def difference(database: Database) -> dict[str, Any]:
    """The first difference that `verify` finds; there must be one."""
    with opened(database) as ledger:
        answer = verified(ledger)
    assert not answer["ok"]
    found: dict[str, Any] = answer["first_difference"]
    failed = [each["check"] for each in answer["checks"] if not each["ok"]]
    assert failed[0] == found["check"]
    return found


@pytest.mark.parametrize("batch", [7, 10_000])
def test_an_honest_ledger_is_found_whole(honest: Database, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("projections.folding.BATCH", batch)
    with opened(honest) as ledger:
        answer = verified(ledger)
        assert answer["ok"], answer
        assert answer["position"] == answer["events"] == ledger.position() > 700
        for table in TABLES:
            row = ledger.connection.execute(f"SELECT count(*) FROM projection.{table}".encode()).fetchone()
            assert row != (0,), f"the history leaves {table} empty"


def test_tables_that_a_fold_replaces_much_in_are_written_anew_and_hold_the_same(
    honest: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.folding.BATCH", 20)
    monkeypatch.setattr("projections.folding.REPLACED", 30)
    monkeypatch.setattr("projections.folding.REPLACED_EACH", 1)
    renewed: list[str] = []
    renew = folding._renew_worn

    def noting(connection: Connection) -> None:
        worn = {"least": 30, "each": 1}
        before = [each[0] for each in connection.execute(sql("worn_tables"), worn).fetchall()]
        renew(connection)
        assert connection.execute(sql("worn_tables"), worn).fetchall() == []
        renewed.extend(before)

    monkeypatch.setattr(folding, "_renew_worn", noting)
    with opened(honest) as ledger:
        assert verified(ledger)["ok"]
    assert renewed.count("city_standing") > 2
    with tampering(honest) as connection:
        connection.execute("UPDATE projection.city_standing SET rated = rated + 1 WHERE pro = 'pro-1'")
    assert difference(honest)["table"] == "city_standing"


def test_an_empty_ledger_is_whole(database: Database) -> None:
    with opened(database) as ledger:
        assert verified(ledger)["ok"]


def test_verify_changes_nothing(honest: Database) -> None:
    with opened(honest) as ledger:
        schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)' ORDER BY 1"
        before = ledger.connection.execute(schemas).fetchall()
        first = verified(ledger)
        assert verified(ledger)["ok"] == first["ok"]
        assert ledger.connection.execute(schemas).fetchall() == before


Change = Callable[[Connection], int]
"""Tampers, and returns the first position that is bad."""


def state(connection: Connection) -> int:
    position = find(connection, "type = 'mission.rated' AND position > 300")
    rewrite(connection, position, digest=False, stars=2)
    return position


def one_byte(connection: Connection) -> int:
    position = find(connection, "position > 200")
    connection.execute("UPDATE ledger.event SET state = state || ' '::bytea WHERE position = %s", (position,))
    return position


def digest(connection: Connection) -> int:
    position = find(connection, "position > 200")
    connection.execute("UPDATE ledger.event SET digest = sha256('x') WHERE position = %s", (position,))
    return position


def column(name: str, value: str, *, where: str = "position > 200") -> Change:
    def change(connection: Connection) -> int:
        position = find(connection, where)
        connection.execute(f"UPDATE ledger.event SET {name} = {value} WHERE position = {position}".encode())
        return position

    return change


def row(connection: Connection) -> int:
    position = find(connection, "position > 200")
    remove(connection, position, close_the_gap=False)
    return position


def first_row(connection: Connection) -> int:
    remove(connection, 1, close_the_gap=False)
    return 1


def row_without_a_gap(connection: Connection) -> int:
    """The acceptance goes; the next event of its mission has a version that does not follow."""
    position = find(connection, "type = 'mission.accepted' AND stream = 'mission/m-20'")
    remove(connection, position, close_the_gap=True)
    return find(connection, f"stream = 'mission/m-20' AND position >= {position}")


def swapped(connection: Connection) -> int:
    """Two events change places: of the same mission, so that the versions tell."""
    first = find(connection, "type = 'mission.requested' AND stream = 'mission/m-20'")
    second = find(connection, "type = 'mission.accepted' AND stream = 'mission/m-20'")
    for old, new in ((first, 10**9), (second, first), (10**9, second)):
        connection.execute("UPDATE ledger.event SET position = %s WHERE position = %s", (new, old))
    return first


LOG: dict[str, Change] = {
    "the state": state,
    "a byte of the state": one_byte,
    "the digest": digest,
    "the stream": column("stream", "'mission/other'"),
    "the version": column("version", "77"),
    "the version of a finding": column("version", "77", where=f"{FINDING} 'pro.warned'"),
    "the type": column("type", "'mission.refused'", where="type = 'mission.accepted' AND position > 200"),
    "the revision": column("type", "type || '@9'"),
    "an unknown type": column("type", "'mission.exploded'"),
    "the source": column("source", "'app/de'"),
    "the id": column("id", "'another'"),
    "the time": column("occurred", "occurred + interval '1 microsecond'"),
    "the time of recording, back": column("recorded", "recorded - interval '1 day'"),
    "a row": row,
    "the first row": first_row,
    "a row, and the gap is closed": row_without_a_gap,
    "two rows swapped": swapped,
}


@pytest.mark.parametrize("what", LOG)
def test_a_change_of_the_log_is_found_at_its_position(honest: Database, what: str) -> None:
    with tampering(honest) as connection:
        position = LOG[what](connection)
    found = difference(honest)
    assert (found["check"], found["position"]) == ("log", position), found


def finding_changed(connection: Connection) -> int:
    position = find(connection, f"{FINDING} 'pro.warned'", order="position DESC")
    rewrite(connection, position, digest=True, evidence=[1])
    return position


def decision_changed(connection: Connection) -> int:
    position = find(connection, f"{FINDING} 'pro.suspended'")
    rewrite(connection, position, digest=True, kind="restriction")
    return position


def finding_taken_out(connection: Connection) -> int:
    """The gap is closed as well, so that only the rules can tell."""
    position = find(connection, f"{FINDING} 'pro.warned'")
    remove(connection, position, close_the_gap=True)
    return position


def finding_made_up(connection: Connection) -> int:
    """A copy of a warning at the end of the log, whole in itself."""
    last = find(connection, "true", order="position DESC")
    connection.execute(
        f"""INSERT INTO ledger.event (position, stream, version, type, source, id, occurred, recorded, digest, state)
            SELECT {last + 1}, stream, 99, type, source, 'warned-x', occurred,
                   (SELECT max(recorded) FROM ledger.event), sha256(made), made
              FROM (SELECT *, convert_to(replace(convert_from(state, 'UTF8'), id, 'warned-x'), 'UTF8') AS made
                      FROM ledger.event WHERE {FINDING} 'pro.warned' ORDER BY position LIMIT 1) AS copied""".encode()
    )
    return last + 1


FINDINGS: dict[str, Change] = {
    "a finding changed": finding_changed,
    "a decision changed": decision_changed,
    "a finding taken out": finding_taken_out,
    "a finding made up": finding_made_up,
}


@pytest.mark.parametrize("what", FINDINGS)
def test_a_change_of_a_finding_is_found_though_its_digest_is_right(honest: Database, what: str) -> None:
    with tampering(honest) as connection:
        position = FINDINGS[what](connection)
    found = difference(honest)
    assert (found["check"], found["position"]) == ("findings", position), found


def test_a_finding_at_the_very_end_taken_out_is_missed(database: Database, tmp_path: Path) -> None:
    whole = documents()
    file = tmp_path / "h.ndjson"
    last = next(number for number, each in enumerate(whole) if each["type"] == "mission.no_show")
    imported(database, written(file, whole[: last + 1]))
    with tampering(database) as connection:
        position = find(connection, "true", order="position DESC")
        assert position == find(connection, f"{FINDING} 'pro.warned'", order="position DESC")
        remove(connection, position, close_the_gap=False)
    found = difference(database)
    assert (found["check"], found["position"]) == ("findings", position)


def test_a_fact_changed_with_its_digest_is_found_by_what_follows_from_it(honest: Database) -> None:
    """Until a checkpoint vouches for the log, this is all that can tell; a fact with no consequence cannot."""
    with tampering(honest) as connection:
        position = find(connection, "type = 'mission.rated'", order="position DESC")
        rewrite(connection, position, digest=True, stars=2)
    found = difference(honest)
    assert found["check"] in ("findings", "projections")
    assert found.get("position", position) >= position


def test_the_end_of_the_log_cut_off_is_found(database: Database, tmp_path: Path) -> None:
    whole = documents()[:60]
    tail = [each for each in documents() if each["type"] == "city.baseline_published"]
    imported(database, written(tmp_path / "h.ndjson", [*whole, *[{**each, "id": "the-last"} for each in tail]]))
    with tampering(database) as connection:
        position = find(connection, "true", order="position DESC")
        assert position == find(connection, "id = 'the-last'")
        remove(connection, position, close_the_gap=False)
    found = difference(database)
    assert found["table"] == "checkpoint" or found["position"] == position


PRO_COLUMN = {
    "participation": "stars",
    "pro_standing": "no_shows",
    "city_standing": "accepted",
    "billing_line": "gross",
    "reconsidered": "cause",
    "billing_entry": "gross",
    "damage": "declarations",
    "invoice": "commission",
    "invoice_entry": "invoice",
}
TEXT_COLUMN = {
    "proposal": "kind",
    "anomaly": "code",
    "warning": "rule",
    "complaint": "contested_kind",
    "review": "kind",
    "billing_pending": "mission",
}
POSITIONED = {"reconsidered": "fact", "review": "fact"}
KEYED = {
    "pro_standing": "pro",
    "city_standing": "pro",
    **dict.fromkeys(("participation", "billing_line", "billing_pending", "damage"), "mission"),
}


def changed(table: str) -> str:
    column = PRO_COLUMN.get(table)
    change = f"{column} = {column} + 1" if column else f"{TEXT_COLUMN[table]} = 'x'"
    return f"UPDATE projection.{table} SET {change} WHERE ctid = (SELECT min(ctid) FROM projection.{table})"


def removed(table: str) -> str:
    return f"DELETE FROM projection.{table} WHERE ctid = (SELECT max(ctid) FROM projection.{table})"


def added(table: str) -> str:
    """A copy of a row under another key."""
    key = KEYED.get(table)
    change = f'{{"{key}": "made-up"}}' if key else f'{{"{POSITIONED.get(table, "position")}": 999999}}'
    if table == "invoice":
        change = '{"position": 999999, "number": "made-up", "running": 999999}'
    return (
        f"INSERT INTO projection.{table} SELECT made.* FROM (SELECT t FROM projection.{table} AS t LIMIT 1) AS one,"
        f" jsonb_populate_record(one.t, '{change}') AS made"
    )


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", [changed, removed, added])
def test_a_change_of_a_projection_is_found_in_its_table(
    honest: Database, change: Callable[[str], str], table: str
) -> None:
    with tampering(honest) as connection:
        assert connection.execute(change(table).encode()).rowcount == 1
    found = difference(honest)
    assert (found["check"], found["table"]) == ("projections", table)
    assert found["row"]
    with opened(honest) as ledger:
        assert [each["ok"] for each in verified(ledger)["checks"]] == [True, True, True, True, True, False]


def test_the_trigger_is_back_after_tampering(honest: Database) -> None:
    import psycopg

    with tampering(honest) as connection:
        connection.execute("SELECT 1")
    with opened(honest) as ledger, pytest.raises(psycopg.errors.RestrictViolation):
        ledger.connection.execute("DELETE FROM ledger.event")
