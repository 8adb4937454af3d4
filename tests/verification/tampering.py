"""A superuser's hand in the database: changes that the ledger itself would never allow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from ledger.events.incoming import canonical
from ledger.policies import shipped
from ledger.store.database import Connection, Database, connect
from projections.live import LiveLedger
from tests.billing.closes import close
from tests.importing.histories import START, Document, accepted, event, history, requested, written
from tests.importing.ledgers import imported, opened
from tests.invoices.billed import issue

TRIGGER = "event_is_append_only"


def documents() -> list[Document]:
    """A history that leaves rows in every projection: warnings, a proposal, an anomaly, a lapsed offer …"""
    notified = START - timedelta(days=90)
    policy = shipped.preset("mila-2018-06")
    published = {"version": "human", "effective_from": "2026-01-20T00:00:00Z", "notified_at": notified.isoformat()}
    document = {**policy.document(), **published, "decision": "human"}
    del document["notified_at"]
    offline = START + timedelta(days=3, hours=9)
    return [
        event("policy.published", policy.id, notified, published | {"document": document}, id="policy"),
        requested("m-offered"),
        event("mission.refused", "m-offered", START, {"pro": "pro-1"}, id="refused"),
        requested("m-offline"),
        event(
            "mission.completed", "m-offline", offline, {"duration_minutes": 90, "pro": "pro-1"}, id="completed-offline"
        ),
        event("mission.damage_declared", "m-offline", offline, {"description": "a vase"}, id="damage-offline"),
        *_excluded("pro-absent"),
        event("pro.complaint_opened", "pro-absent", START + timedelta(days=9), {}, id="complaint"),
        event(
            "mission.no_show_rejected", "m-absent-1", START + timedelta(days=10), {"by": "ines"}, id="m-absent-1-there"
        ),
        *history(200, seed=3),
    ]


def _excluded(pro: str) -> Iterator[Document]:
    """Two no-shows while the engine still decides by itself."""
    for mission in ("m-absent-1", "m-absent-2"):
        yield requested(mission)
        yield accepted(mission, pro)
        missed = START + timedelta(days=3, hours=1)
        yield event("mission.no_show", mission, missed, {"reported_by": "client"}, id=f"{mission}-no")


def recorded(database: Database, folder: Path) -> None:
    """Record that history, close its first month and issue its invoices: rows in every projection."""
    imported(database, written(folder / "h.ndjson", documents()))
    with opened(database) as ledger:
        close(ledger, "2026-01")
        issue(ledger, "2026-01")


@contextmanager
def tampering(database: Database) -> Iterator[Connection]:
    """A connection on which the log's trigger does not fire; it is put back afterwards."""
    with connect(database, autocommit=True) as connection:
        connection.execute(f"ALTER TABLE ledger.event DISABLE TRIGGER {TRIGGER}".encode())
        try:
            yield connection
        finally:
            connection.execute(f"ALTER TABLE ledger.event ENABLE ALWAYS TRIGGER {TRIGGER}".encode())


def find(connection: Connection, what: str, *, order: str = "position") -> int:
    """The first position of the log where a condition holds, by an order."""
    row = connection.execute(
        f"SELECT position FROM ledger.event WHERE {what} ORDER BY {order} LIMIT 1".encode()
    ).fetchone()
    assert row is not None, what
    return int(row[0])


def rewrite(connection: Connection, position: int, *, digest: bool, **changes: Any) -> None:
    """Change fields of the data of a stored event, and its digest as well, or not."""
    row = connection.execute("SELECT state FROM ledger.event WHERE position = %s", (position,)).fetchone()
    assert row is not None
    doc = json.loads(row[0])
    assert changes.keys() <= doc["data"].keys()
    state = canonical({**doc, "data": {**doc["data"], **changes}})
    connection.execute("UPDATE ledger.event SET state = %s WHERE position = %s", (state, position))
    if digest:
        new = hashlib.sha256(state).digest()
        connection.execute("UPDATE ledger.event SET digest = %s WHERE position = %s", (new, position))


def remove(connection: Connection, position: int, *, close_the_gap: bool) -> None:
    """Take an event out, and let those behind it move up, or not."""
    connection.execute("DELETE FROM ledger.event WHERE position = %s", (position,))
    if close_the_gap:  # one by one: the primary key is checked row by row
        last = find(connection, "true", order="position DESC")
        for each in range(position + 1, last + 1):
            connection.execute("UPDATE ledger.event SET position = position - 1 WHERE position = %s", (each,))


def verified(ledger: LiveLedger) -> dict[str, Any]:
    """What `verify` says, its parts agreeing with one another."""
    answer = ledger.verify(progress=lambda done, of: None)
    assert answer["ok"] == (answer["first_difference"] is None) == all(each["ok"] for each in answer["checks"])
    return answer
