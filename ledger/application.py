"""The library's side of the ledger: a Python program reads it through `eventsourcing`'s own interfaces, typed.

    with MissionLedger("/srv/ledger") as app:
        for event in app.events_of("mission/m-41"): ...          # frozen pydantic events, in order
        app.notification_log.select(start=1, limit=10)           # the log, by position

It reads. Events are recorded with `projections.live.open_ledger(…).record(…)`, which rules on them and writes every
projection in the same commit; what the library would write by itself is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any, NoReturn, cast

import orjson
from eventsourcing.application import Application
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from eventsourcing.utils import Environment
from pydantic import PrivateAttr, ValidationError, create_model

from ledger.errors import IntegrityBroken, Misused
from ledger.events.catalogue import type_of, upcast
from ledger.events.fields import Event
from ledger.events.models import MODEL_OF
from ledger.events.sealing import owners, unseal
from ledger.store.database import VARIABLE, resolve, translated
from ledger.store.factory import LedgerFactory
from ledger.store.pool import Pool
from ledger.store.statements import statement

PAGE = 500
KeysOf = Callable[[Collection[str]], Mapping[str, bytes | None]]


class Recorded(Event):
    """An event read from the log, with what the library asks of it: its stream and its version there."""

    _stored: StoredEvent = PrivateAttr()

    @property
    def originator_id(self) -> str:
        """The stream: `mission/m-41`."""
        return str(self._stored.originator_id)

    @property
    def originator_version(self) -> int:
        """The place in the stream."""
        return self._stored.originator_version


@cache
def _recorded(model: type[Event]) -> type[Recorded]:
    """The model itself, as a `Recorded`."""
    return cast("type[Recorded]", create_model(model.__name__, __base__=(model, Recorded), __doc__=model.__doc__))


class EventMapper(Mapper[str]):
    """Stored row ⇄ frozen pydantic event, by the wire's own type names, never by Python paths.

    Older revisions are upcast as they are read; personal text is opened with the person's key, or reads `[erased]`.
    """

    def __init__(self, keys_of: KeysOf) -> None:
        super().__init__(JSONTranscoder())  # the library asks for one; JSON is read by the models themselves
        self._keys_of = keys_of

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """The typed event, in the shape of today's revision. Raises the library's MapperDeserialisationError."""
        try:
            doc = orjson.loads(stored_event.state)
            doc["data"] = upcast(stored_event.topic, doc["data"])
            persons = owners(doc)
            plain = unseal(doc, dict(self._keys_of(persons))) if persons else doc
            model = _recorded(MODEL_OF[type_of(stored_event.topic)[0]])
            event = model.model_validate_json(orjson.dumps(plain))
        except (KeyError, TypeError, ValueError, ValidationError, IntegrityBroken) as error:
            where = f"version {stored_event.originator_version} of {stored_event.originator_id}"
            reason = " ".join(f"{type(error).__name__} {error}".split())
            raise MapperDeserialisationError(f"{where} ({stored_event.topic}) cannot be read: {reason}") from error
        event._stored = StoredEvent(
            stored_event.originator_id, stored_event.originator_version, stored_event.topic, stored_event.state
        )
        return event

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The row an event was read from, byte for byte. Misused (`unruled_write`) for one that was never recorded."""
        if not isinstance(domain_event, Recorded):
            _refuse_write()
        return domain_event._stored


class MissionLedger(Application[str]):
    """The ledger at a `postgresql://…` URL or a folder, named as for the command line. Raises DatabaseUnusable."""

    def __init__(self, database: str | None = None) -> None:
        super().__init__({VARIABLE: database} if database else None)

    def construct_factory(self, env: Environment) -> LedgerFactory:
        """The ledger's own, whatever PERSISTENCE_MODULE says."""
        return LedgerFactory(env=env)

    def construct_mapper(self) -> EventMapper:
        """The mapper of the catalogue's events."""
        self.factory.application_recorder()  # an embedded server is started and migrated, or the schema refused, here
        self._pool = Pool(resolve(self.env.get(VARIABLE)), size=2)
        return EventMapper(self._keys_of)

    def events_of(self, stream: str) -> Iterator[Event]:
        """The events of `mission/…`, `pro/…`, `city/…`, `policy/…` or `ledger/…` in order, a page in memory."""
        version = 0
        while page := self.recorder.select_events(stream, gt=version, limit=PAGE):
            yield from map(self.mapper.to_domain_event, page)
            version = page[-1].originator_version

    def save(self, *objs: Any, **kwargs: Any) -> NoReturn:
        """Raises Misused (`unruled_write`): the library would record without ruling."""
        _refuse_write()

    def close(self) -> None:
        """Closes every connection."""
        super().close()  # the factory's, and with it the recorder's
        self._pool.close()

    def _keys_of(self, persons: Collection[str]) -> Mapping[str, bytes | None]:
        # Read anew each time: a key that was destroyed meanwhile must not open anything.
        with self._pool.connection() as connection, translated():
            return dict(connection.execute(statement("person_keys"), {"persons": list(persons)}).fetchall())


def _refuse_write() -> NoReturn:
    raise Misused(
        "unruled_write",
        "MissionLedger only reads, the rules would not see this event; "
        "record it with projections.live.open_ledger(…).record([…]) or mission-ledger record",
    )
