"""Claims that wait for a person: reports of conduct nobody ruled on, no-shows that are disputed or to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.book import pro_event
from ledger.chronicle import Chronicle
from ledger.entries import entry_of_row, stored_document
from ledger.instants import DAY, to_text
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent, Report
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections.archive import PostgresArchive
from projections.statements import sql

Answer = dict[str, Any]
CONDUCT = ("pro.conduct_reported", "pro.conduct_confirmed", "pro.conduct_dismissed")


def claims(connection: Connection, pros: list[str] | None, *, until: int, now: int) -> Answer:
    """`{"reports": [..], "no_shows": [..]}` of some pros or all, up to a position; what waits longest comes first."""
    archive = PostgresArchive(connection, until=until)
    waiting = [report(each, now) for each in _reports(archive) if pros is None or each.event.account in pros]
    return {
        "reports": sorted(waiting, key=_longest),
        "no_shows": sorted(_no_shows(connection, pros, now), key=_longest),
    }


def report(each: Report, now: int) -> Answer:
    """`{"event", "source", "pro", "ground", "mission", "time", "position", "waiting_days"}`; not who reported it."""
    event = each.event
    return {
        "event": event.id,
        "source": event.source,
        "pro": event.account,
        "ground": each.ground,
        "mission": event.data.get("mission"),
        "time": to_text(event.at),
        "position": event.position,
        "waiting_days": max(0, now - event.at) // DAY,
    }


def _longest(each: Answer) -> tuple[str, int]:
    return each["time"], each["position"]


def _reports(archive: PostgresArchive) -> Iterator[Report]:
    """The open reports of every person; each person is folded of what was reported about it and ruled on."""
    _, voided = archive.chronicle()
    links = archive.links(voided)
    told: dict[tuple[str, ...], list[ProEvent]] = {}
    for row in read(archive.connection, types=CONDUCT, until=archive.until):
        event = pro_event(entry_of_row(row))
        told.setdefault(links.group(event.account), []).append(event)
    for accounts, events in told.items():
        person = Pro(*accounts)
        person.restore(events, set(voided), Chronicle())
        yield from (each for each in person.reports.values() if each.ruling is None)


def _no_shows(connection: Connection, pros: list[str] | None, now: int) -> Iterator[Answer]:
    with translated():
        waiting = {row[0]: row[1:] for row in connection.execute(sql("no_shows_waiting"), {"pros": pros}).fetchall()}
    for row in read_at(connection, list(waiting)):
        doc = stored_document(row)
        pro, code = waiting[row.position]
        yield {
            "event": row.id,
            "mission": doc["subject"],
            "pro": pro,
            "code": code,
            "time": to_text(row.occurred),
            "position": row.position,
            "waiting_days": max(0, now - row.occurred) // DAY,
        }
