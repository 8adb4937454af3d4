"""The ledger through the library's own interfaces: typed reading, stable names, upcasting, no way round the rules."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from pydantic import ValidationError

from ledger.application import EventMapper, MissionLedger
from ledger.errors import Misused
from ledger.events import catalogue
from ledger.events.catalogue import PERSONAL, REVISION, TOPIC, TYPES, UPCASTERS, stream_of, type_of
from ledger.events.incoming import canonical
from ledger.events.mission_events import MissionAccepted, MissionRequested
from ledger.events.models import MODEL_OF
from ledger.events.reading import typed
from ledger.events.sealing import new_key, seal
from ledger.store.database import Database
from projections.live import open_ledger
from tests.store.examples import DATA, example

KEY = new_key()
ERASED = "[erased]"


def stored(doc: dict[str, Any], *, owner: str = "person-1") -> StoredEvent:
    """The row that the ledger keeps for a document."""
    sealed = seal(doc, owner, KEY) if doc["type"] in PERSONAL else doc
    return StoredEvent(stream_of(doc["type"], doc["subject"]), 3, TOPIC[doc["type"]], canonical(sealed))


def mapper(key: bytes | None = KEY) -> EventMapper:
    return EventMapper(lambda persons: dict.fromkeys(persons, key))


@pytest.fixture
def app(database: Database) -> Iterator[MissionLedger]:
    """An application over a ledger that holds one accepted mission of a registered pro."""
    accepted = {**example("mission.accepted"), "id": "e-2"}
    registered = {**example("pro.registered"), "id": "e-3"}
    with open_ledger(database.url) as ledger:
        outcomes = ledger.record([example("mission.requested"), accepted, registered], live=False)
        assert [each.status for each in outcomes] == ["recorded"] * 3
    with MissionLedger(database.url) as opened:
        yield opened


def test_there_is_an_example_of_every_type() -> None:
    assert tuple(DATA) == TYPES


@pytest.mark.parametrize("event_type", TYPES)
def test_every_type_comes_back_typed_and_byte_for_byte(event_type: str) -> None:
    row = stored(example(event_type))
    event = mapper().to_domain_event(row)
    assert isinstance(event, MODEL_OF[event_type])
    assert event.model_dump() == typed(example(event_type)).model_dump()
    assert (event.originator_id, event.originator_version) == (row.originator_id, 3)
    assert mapper().to_stored_event(event) == row


@pytest.mark.parametrize("event_type", PERSONAL)
def test_of_an_erased_person_everything_but_the_text_is_left(event_type: str) -> None:
    event = mapper(key=None).to_domain_event(stored(example(event_type)))
    data = event.model_dump()["data"]
    plain = typed(example(event_type)).model_dump()["data"]
    assert data == {**plain, **dict.fromkeys(PERSONAL[event_type], ERASED)}


def test_events_are_frozen() -> None:
    event = mapper().to_domain_event(stored(example("mission.accepted")))
    with pytest.raises(ValidationError, match="frozen"):
        event.subject = "another"


def test_a_stream_is_read_typed(app: MissionLedger) -> None:
    requested, accepted = app.events_of("mission/subject-1")
    assert isinstance(requested, MissionRequested)
    assert requested.data.address == "3 rue des Lilas"
    assert requested.data.price.amount == "33.50"
    assert isinstance(accepted, MissionAccepted)
    assert accepted.data.pro == "pro-7"
    assert list(app.events_of("mission/nobody")) == []


def test_a_long_stream_is_read_page_by_page(app: MissionLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.application.PAGE", 1)
    assert [event.id for event in app.events_of("mission/subject-1")] == ["e-1", "e-2"]


def test_the_librarys_own_ways_of_reading(app: MissionLedger) -> None:
    rows = app.recorder.select_events("mission/subject-1")
    assert [app.mapper.to_domain_event(row).originator_version for row in rows] == [1, 2]
    assert [event.originator_version for event in app.events.get("mission/subject-1", gt=1)] == [2]
    notifications = app.notification_log.select(start=1, limit=10)
    assert [each.id for each in notifications] == [1, 2, 3]
    assert [each.topic for each in notifications] == ["mission.requested", "mission.accepted", "pro.registered"]
    named = app.recorder.select_notifications(1, 10, topics=["pro.registered"])
    assert [app.mapper.to_domain_event(each).originator_id for each in named] == ["pro/subject-1"]
    assert app.notification_log["1,2"].next_id == "3,4"


def test_what_was_erased_meanwhile_is_not_read_from_a_key_kept_in_memory(app: MissionLedger) -> None:
    def name() -> str:
        (event,) = app.events_of("pro/subject-1")
        return str(event.model_dump()["data"]["name"])

    assert name() == "Zoé Müller"
    with open_ledger(app.env["MISSION_LEDGER_DATABASE"]) as ledger:
        erasure = {**example("ledger.subject_erased"), "id": "e-4"}
        assert ledger.record([erasure], live=False)[0].status == "recorded"
    assert name() == ERASED


def test_stored_names_are_never_python_paths(app: MissionLedger) -> None:
    topics = [each.topic for each in app.notification_log.select(start=1, limit=10)]
    assert set(topics) <= set(TOPIC.values())
    for topic in TOPIC.values():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+(@[1-9]\d*)?", topic)
        assert not any(word in topic for word in ("ledger.events", "projections", "_events", ":"))
    classes = {model.__name__ for model in MODEL_OF.values()} | {model.__module__ for model in MODEL_OF.values()}
    with open_ledger(app.env["MISSION_LEDGER_DATABASE"]) as ledger:
        (row,) = ledger.connection.execute("SELECT string_agg(type || state::text, ' ') FROM ledger.event").fetchall()
    assert not any(name in row[0] for name in classes)


def test_the_table_of_upcasters_has_no_gap() -> None:
    assert set(REVISION) == set(TYPES)
    wanted = {(name, step) for name, revision in REVISION.items() for step in range(1, revision)}
    assert set(UPCASTERS) == wanted
    assert all(type_of(topic) == (name, REVISION[name]) for name, topic in TOPIC.items())


def test_an_older_revision_is_upcast_and_stays_stored_as_it_was(
    app: MissionLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(data: dict[str, Any]) -> dict[str, Any]:
        return {"worker": data["pro"]}

    def renamed_back(data: dict[str, Any]) -> dict[str, Any]:
        return {"pro": f"{data['worker']}-upcast"}

    name = "mission.accepted"
    before = app.recorder.select_events("mission/subject-1")[1]
    monkeypatch.setitem(REVISION, name, 3)
    monkeypatch.setitem(TOPIC, name, catalogue.topic_of(name, 3))
    monkeypatch.setitem(UPCASTERS, (name, 1), renamed)
    monkeypatch.setitem(UPCASTERS, (name, 2), renamed_back)
    event = app.mapper.to_domain_event(before)
    assert isinstance(event, MissionAccepted)
    assert event.data.pro == "pro-7-upcast"
    assert app.mapper.to_stored_event(event) == before
    assert app.recorder.select_events("mission/subject-1")[1] == before

    newer = {**example(name), "id": "e-9", "subject": "subject-2"}
    again = {**example("mission.requested"), "id": "e-8", "subject": "subject-2"}
    with open_ledger(app.env["MISSION_LEDGER_DATABASE"]) as ledger:
        assert [each.status for each in ledger.record([again, newer], live=False)] == ["recorded"] * 2
        assert [each["data"] for each in ledger.events(type=name)] == [{"pro": "pro-7-upcast"}, {"pro": "pro-7"}]
    (_, row) = app.recorder.select_events("mission/subject-2")
    assert row.topic == "mission.accepted@3"
    assert app.mapper.to_domain_event(row).data.pro == "pro-7"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("tests.dogs:Dog.Registered", b"{}"),
        ("mission.accepted@9", b'{"data":{}}'),
        ("mission.accepted", b"\xff"),
        ("mission.accepted", b"[]"),
        ("mission.accepted", b'{"data":{"pro":1}}'),
    ],
)
def test_what_is_not_an_event_of_the_catalogue_is_named(topic: str, state: bytes) -> None:
    with pytest.raises(MapperDeserialisationError, match=r"^version 4 of mission/m-1 \(.*\) cannot be read: .+$"):
        mapper().to_domain_event(StoredEvent("mission/m-1", 4, topic, state))


def test_the_library_cannot_write_past_the_rules(app: MissionLedger) -> None:
    assert isinstance(app, Application)
    event = typed(example("mission.completed"))
    for write in (
        lambda: app.save(Aggregate()),
        lambda: app.save(event),  # type: ignore[arg-type]
        lambda: app.events.put([event]),  # type: ignore[list-item]
    ):
        with pytest.raises(Misused, match=r"open_ledger\(…\)\.record") as caught:
            write()
        assert caught.value.code == "unruled_write"
        assert "\n" not in caught.value.message
    assert app.recorder.max_notification_id() == 3


def test_a_factory_of_the_environment_does_not_take_over(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("MISSION_LEDGER_DATABASE", database.url)
    with MissionLedger() as app:
        assert app.recorder.max_notification_id() is None


def test_no_command_imports_it() -> None:
    script = (
        "import sys; import commands.main, projections.live, projections.importing, projections.why;"
        "print([name for name in sys.modules if name in ('ledger.application', 'eventsourcing.application')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_question_imports_neither_models_nor_ciphers_nor_the_library() -> None:
    script = (
        "import sys; import commands.main, projections.live, projections.why, projections.timeline;"
        "heavy = ('ledger.events.models', 'cryptography', 'eventsourcing', 'alembic', 'sqlalchemy', 'rich', 'pyarrow');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
