"""Glue for `eventsourcing`: `PERSISTENCE_MODULE=ledger.store.factory` gives an Application the ledger's recorder."""

from __future__ import annotations

from typing import NoReturn

from eventsourcing.persistence import (
    AggregateRecorder,
    InfrastructureFactory,
    NotSupportedError,
    ProcessRecorder,
    TrackingRecorder,
)

from ledger.store.database import VARIABLE, resolve
from ledger.store.recorder import LedgerRecorder
from ledger.store.schema import prepare


class LedgerFactory(InfrastructureFactory[TrackingRecorder]):
    """Makes recorders on the database that MISSION_LEDGER_DATABASE of the application's environment names.

    A URL or a folder; without it the default of `database.resolve`. Raises DatabaseUnusable.
    """

    _recorder: LedgerRecorder | None = None

    def application_recorder(self) -> LedgerRecorder:
        """The recorder, one for each factory."""
        if self._recorder is None:
            database = resolve(self.env.get(VARIABLE))
            prepare(database)
            self._recorder = LedgerRecorder(database)
        return self._recorder

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """The same recorder for events; NotSupportedError for snapshots: the log is the only thing stored."""
        if purpose != "events":
            _refuse(f"a recorder for {purpose}: the ledger keeps events only, leave IS_SNAPSHOTTING_ENABLED off")
        return self.application_recorder()

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> TrackingRecorder:
        """Raises NotSupportedError: projections keep their positions beside their tables."""
        _refuse("a tracking recorder: projections keep their own positions")

    def process_recorder(self) -> ProcessRecorder:
        """Raises NotSupportedError: the engine writes findings in the commit of the fact that caused them."""
        _refuse("a process recorder: findings are written in the commit of the fact that caused them")

    def close(self) -> None:
        """Closes the recorder's connections."""
        if self._recorder is not None:
            self._recorder.close()
            self._recorder = None


def _refuse(what: str) -> NoReturn:
    raise NotSupportedError(f"the ledger has no {what}")


Factory = LedgerFactory
