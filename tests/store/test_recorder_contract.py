"""The library's published contract for recorders, run on ours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from unittest.mock import MagicMock, patch
from uuid import UUID, uuid4

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import NotSupportedError, StoredEvent

from ledger.store.database import Database
from ledger.store.factory import LedgerFactory
from ledger.store.recorder import LedgerRecorder

# The library's test module also imports its AES cipher, for tests that are not ours and a package we do not need.
with patch.dict(sys.modules, {"eventsourcing.cipher": MagicMock()}):
    from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase


class _OnOurRecorder:
    INITIAL_VERSION = 1

    @pytest.fixture(autouse=True)
    def _use(self, database: Database) -> Iterator[None]:
        self._recorder = LedgerRecorder(database)
        yield
        self._recorder.close()

    def new_originator_id(self) -> UUID | str:
        return f"mission-{uuid4()}"

    def create_recorder(self) -> LedgerRecorder:
        return self._recorder


class TestContract(_OnOurRecorder, ApplicationRecorderTestCase[LedgerRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(_OnOurRecorder, NonInterleavingNotificationIDsBaseCase):
    insert_num = 300


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase  # or pytest would collect them too


def test_an_application_runs_on_the_factory(database: Database) -> None:
    class Dog(Aggregate):
        @event("Registered")
        def __init__(self, name: str) -> None:
            self.name = name
            self.tricks: list[str] = []

        @event("Learned")
        def learn(self, trick: str) -> None:
            self.tricks.append(trick)

    env = {"PERSISTENCE_MODULE": "ledger.store.factory", "MISSION_LEDGER_DATABASE": database.url}
    application: Application[UUID] = Application(env)
    dog = Dog("Fido")
    dog.learn("roll over")
    recordings = application.save(dog)
    assert [recording.notification.id for recording in recordings] == [1, 2]
    stored = application.recorder.select_events(str(dog.id))
    assert [row.originator_version for row in stored] == [1, 2]
    application.close()


@pytest.mark.parametrize(
    "ask",
    [
        lambda factory: factory.aggregate_recorder("snapshots"),
        lambda factory: factory.tracking_recorder(),
        lambda factory: factory.process_recorder(),
    ],
)
def test_what_the_ledger_does_not_keep_is_refused(ask: Callable[[LedgerFactory], object]) -> None:
    with pytest.raises(NotSupportedError, match="the ledger has no"):
        ask(LedgerFactory(env={}))


def test_a_range_of_a_stream_in_either_direction(database: Database) -> None:
    recorder = LedgerRecorder(database)
    recorder.insert_events([StoredEvent("m", version, "t", b"s") for version in range(5)])
    assert [row.originator_version for row in recorder.select_events("m", gt=0, lte=3)] == [1, 2, 3]
    assert [row.originator_version for row in recorder.select_events("m", desc=True, limit=2)] == [4, 3]
    assert recorder.insert_events([]) == []
    recorder.close()
