"""Personal text: never in the database in clear, readable to who may read, gone for good once a person is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.store.database import Database, connect
from tests.importing.histories import START, Document, accepted, event, history, requested, written
from tests.importing.ledgers import TABLES, ids, imported, opened, rejected, row_versions, said, verified

SECRETS = {
    "address": "3 rue des Lilas",
    "comment": "the code of the door is 4711",
    "rating": "Zoë was très kind",
    "answer": "her dog bites",
    "description": "a vase of the grandmother",
    "name": "Zoë Müller-Lüdenscheidt",
    "email": "zoe@example.org",
    "report": "was rude to my mother",
    "text": "I was ill, see the doctor's note",
}


def at(days: int) -> Any:
    return START + timedelta(days=days)


def documents() -> list[Document]:
    """A mission of client-1 and pro-1 with personal text wherever it can be."""
    conduct = {"ground": "disrespect", "by": "client-1", "description": SECRETS["report"]}
    return [
        event("pro.registered", "pro-1", at(0), {"name": SECRETS["name"], "email": SECRETS["email"]}, id="registered"),
        requested("m-1", address=SECRETS["address"], comment=SECRETS["comment"]),
        accepted("m-1", "pro-1"),
        event("mission.completed", "m-1", at(4), {"duration_minutes": 90}, id="done"),
        event("mission.rated", "m-1", at(5), {"by": "client", "stars": 4, "comment": SECRETS["rating"]}, id="rated"),
        event("mission.rated", "m-1", at(5), {"by": "pro", "stars": 2, "comment": SECRETS["answer"]}, id="answered"),
        event("mission.damage_declared", "m-1", at(5), {"description": SECRETS["description"]}, id="damage"),
        event("pro.conduct_reported", "pro-1", at(6), conduct, id="report"),
        event("pro.complaint_opened", "pro-1", at(7), {"text": SECRETS["text"]}, id="complaint"),
    ]


def erasure(person: str, *, days: int = 30) -> Document:
    return event("ledger.subject_erased", person, at(days), {"by": "Inès", "reason": "asked"}, id=f"erase-{person}")


def everything(database: Database) -> str:
    """Every row of every table, texts and bytes as text."""
    tables = [f"projection.{table}" for table in TABLES] + ["ledger.event", "ledger.import_run", "ledger.person_key"]
    shown = []
    with connect(database, autocommit=True) as connection:
        for table in tables:
            rows = connection.execute(f"SELECT row_to_json(t)::text FROM {table} AS t".encode()).fetchall()
            shown += [row[0] for row in rows]
        states = connection.execute("SELECT state FROM ledger.event").fetchall()
    return "\n".join(shown) + "\n".join(bytes(state[0]).decode() for state in states)


def digests(database: Database) -> list[tuple[Any, ...]]:
    with connect(database, autocommit=True) as connection:
        query = "SELECT position, digest, sha256(state) = digest FROM ledger.event ORDER BY position"
        return connection.execute(query).fetchall()


def test_it_is_in_no_table_in_clear_and_readable_in_the_events(database: Database, tmp_path: Path) -> None:
    assert imported(database, written(tmp_path / "h.ndjson", documents())).refused == 0
    stored = everything(database)
    for secret in SECRETS.values():
        assert secret not in stored
        assert secret.encode().hex() not in stored
    assert said(database)["events"] == [
        {**document, "sequence": position} for position, document in enumerate(documents(), 1)
    ]


def test_equal_texts_do_not_look_equal(database: Database, tmp_path: Path) -> None:
    pair = [requested("m-1", comment="the same"), requested("m-2", comment="the same")]
    imported(database, written(tmp_path / "h.ndjson", pair))
    with opened(database) as ledger:
        query = "SELECT convert_from(state, 'UTF8')::json #>> '{data,comment,sealed}' FROM ledger.event"
        first, second = ledger.connection.execute(query).fetchall()
    assert first != second


def test_erasing_takes_the_text_and_leaves_every_digest_and_figure(database: Database, tmp_path: Path) -> None:
    imported(database, written(tmp_path / "h.ndjson", documents()))
    before, kept = said(database), digests(database)
    imported(database, written(tmp_path / "erase.ndjson", [erasure("client-1")]))
    after = said(database)
    assert digests(database)[: len(kept)] == kept
    assert all(row[2] for row in digests(database))
    assert after["standings"]["pros"][0]["cities"] == before["standings"]["pros"][0]["cities"]
    assert after["warnings"]["warnings"] == before["warnings"]["warnings"]
    assert after["billing"]["lines"] == before["billing"]["lines"]
    data = {each["id"]: each["data"] for each in after["events"]}
    assert data["m-1-requested"]["address"] == data["m-1-requested"]["comment"] == "[erased]"
    assert data["rated"]["comment"] == data["damage"]["description"] == "[erased]"
    assert data["answered"]["comment"] == SECRETS["answer"]
    assert data["registered"] == {"name": SECRETS["name"], "email": SECRETS["email"]}
    with opened(database) as ledger:
        keys = dict(ledger.connection.execute("SELECT person, key IS NOT NULL FROM ledger.person_key").fetchall())
    assert keys == {"client-1": False, "pro-1": True}


@pytest.mark.parametrize("batch_lines", [1, 100])
def test_nothing_personal_is_recorded_about_who_was_erased(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_lines: int
) -> None:
    monkeypatch.setattr("projections.importing.BATCH_LINES", batch_lines)
    later = [
        requested("m-2", at(40), comment="again"),
        requested("m-3", at(40)),
        accepted("m-3", "pro-1", at(41)),
    ]
    file = written(tmp_path / "h.ndjson", [*documents(), erasure("client-1"), *later])
    imported(database, file)
    assert [(each["event"]["id"], each["code"]) for each in rejected(file)] == [("m-2-requested", "subject_erased")]
    assert ids(database)[-3:] == ["erase-client-1", "m-3-requested", "m-3-accepted-pro-1"]
    stored = {each["id"]: each["data"] for each in said(database)["events"]}
    assert stored["rated"]["comment"] == "[erased]"
    before = row_versions(database)
    imported(database, file)
    del before["ledger.import_run"]
    assert {name: rows for name, rows in row_versions(database).items() if name != "ledger.import_run"} == before


def test_a_person_may_be_erased_from_the_first_mention_on(database: Database, tmp_path: Path) -> None:
    lines = [erasure("client-1", days=0), requested("m-2", at(1)), requested("m-1", at(1), comment="x")]
    file = written(tmp_path / "h.ndjson", [lines[0], lines[1], {**lines[0], "id": "again"}, lines[2]])
    imported(database, file)
    assert ids(database) == ["m-2-requested", "again"]
    assert [each["code"] for each in rejected(file)] == ["unknown_pro", "subject_erased"]


def test_the_figures_do_not_depend_on_what_was_erased(new_database: Callable[..., Database], tmp_path: Path) -> None:
    plain, erased = new_database(), new_database()
    whole = history(60)
    first, rest = whole[:150], whole[150:]
    people = [erasure(f"client-{number}", days=0) for number in range(1, 31)]
    personal = {"address", "comment"}
    for each in rest:
        each["data"] = {name: value for name, value in each["data"].items() if name not in personal}
    imported(plain, written(tmp_path / "plain.ndjson", [*first, *rest, *people]))
    imported(erased, written(tmp_path / "erased.ndjson", [*first, *people, *rest]))
    left, right = said(plain), said(erased)
    assert left["billing"]["lines"] == right["billing"]["lines"]
    assert [each["cities"] for each in left["standings"]["pros"]] == [
        each["cities"] for each in right["standings"]["pros"]
    ]
    with opened(erased) as ledger:
        assert verified(ledger)["ok"]


def test_only_who_is_mentioned_is_erased(database: Database, tmp_path: Path) -> None:
    """Known by a key, as a pro, by a mission that somebody took, by a request that nobody took, in the same batch."""
    untaken = requested("m-3", at(1))
    untaken["data"]["client"] = "client-3"
    first = [*documents(), requested("m-2", at(1)), accepted("m-2", "pro-2", at(1)), untaken]
    first[-3]["data"]["client"] = "client-2"
    imported(database, written(tmp_path / "h.ndjson", first))
    fresh = requested("m-4", at(2))
    fresh["data"]["client"] = "client-4"
    known, misspelt = (
        ["client-1", "client-2", "client-3", "client-4", "pro-1", "pro-2"],
        ["client-33", "lient-3", "pro-3"],
    )
    file = written(tmp_path / "erase.ndjson", [fresh, *(erasure(each) for each in (*known, *misspelt))])
    assert imported(database, file).recorded == 1 + len(known)
    assert [(each["event"]["subject"], each["code"]) for each in rejected(file)] == [
        (each, "unknown_pro") for each in misspelt
    ]
