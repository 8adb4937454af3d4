"""The library's way to a read model: its ProjectionRunner over our log, and reading and decoding alone.

The projection is a small one, and faithful: accepted, cancelled and missed missions of each pro in each city, folded
event by event, each in a commit of its own with its place in the log, as the library does it. A whole rebuild folds all
projections and rules besides. The runner takes hours for millions of events, so it gets the first of them.
"""

from __future__ import annotations

import sys
import time
from functools import singledispatchmethod
from itertools import count
from pathlib import Path
from typing import Any

from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg import conninfo
from psycopg.sql import SQL

from ledger.application import MissionLedger
from ledger.events.mission_events import MissionAccepted, MissionCancelled, MissionRequested
from ledger.store import embedded
from ledger.store.database import VARIABLE, Connection, Database, connect
from tests.benchmarks.measuring import Measured, own_schema, progress

PAGE = 500
WAIT_SECONDS = 3600


class Reading(MissionLedger):
    """The ledger as the runner makes an application: from an environment."""

    def __init__(self, env: dict[str, str]) -> None:
        super().__init__(env[VARIABLE])


class Rates(PostgresTrackingRecorder):
    """The view: a table of missions, which says whom a cancellation concerns, and one of counts.

    What comes after `last` is not written: the runner goes on by itself until it is stopped.
    """

    last = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sql_create_statements += [
            SQL(
                "CREATE TABLE benchmark.mission (mission text PRIMARY KEY, city text, starts_at timestamptz, pro text)"
            ),
            SQL(
                "CREATE TABLE benchmark.rate "
                "(pro text, city text, accepted int, cancelled int, missed int, PRIMARY KEY (pro, city))"
            ),
        ]

    def write(self, tracking: Tracking, statement: str = "", *values: Any) -> None:
        """One commit: the place in the log, and what the event changes."""
        if tracking.notification_id > self.last:
            return
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            if statement:
                cursor.execute(statement, values, prepare=True)


class RatesProjection(Projection[Rates]):
    """Which event changes what."""

    name = "rates"

    @singledispatchmethod
    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """Of all others only the place."""
        self.view.write(tracking)

    @process_event.register
    def _(self, event: MissionRequested, tracking: Tracking) -> None:
        statement = "INSERT INTO benchmark.mission VALUES (%s, %s, %s)"
        self.view.write(tracking, statement, event.subject, event.data.city, event.data.starts_at)

    @process_event.register
    def _(self, event: MissionAccepted, tracking: Tracking) -> None:
        statement = """
            WITH held AS (UPDATE benchmark.mission SET pro = %s WHERE mission = %s RETURNING pro, city)
            INSERT INTO benchmark.rate SELECT pro, city, 1, 0, 0 FROM held
                ON CONFLICT (pro, city) DO UPDATE SET accepted = rate.accepted + 1"""
        self.view.write(tracking, statement, event.data.pro, event.subject)

    @process_event.register
    def _(self, event: MissionCancelled, tracking: Tracking) -> None:
        statement = """
            UPDATE benchmark.rate
               SET cancelled = cancelled + (mission.starts_at > %s)::int,
                   missed = missed + (mission.starts_at <= %s)::int
              FROM benchmark.mission
             WHERE mission = %s AND rate.pro = mission.pro AND rate.city = mission.city AND %s = 'pro'"""
        self.view.write(tracking, statement, event.time, event.time, event.subject, event.data.by)


EXPECTED = """
SELECT accepted.pro, request.city, count(*)::int,
       count(*) FILTER (WHERE cancelled.at < request.starts_at)::int,
       count(*) FILTER (WHERE cancelled.at >= request.starts_at)::int
  FROM (SELECT stream, convert_from(state, 'UTF8')::json #>> '{data,pro}' AS pro
          FROM ledger.event WHERE type = 'mission.accepted' AND position <= %(size)s) AS accepted
  JOIN (SELECT stream, convert_from(state, 'UTF8')::json #>> '{data,city}' AS city,
               (convert_from(state, 'UTF8')::json #>> '{data,starts_at}')::timestamptz AS starts_at
          FROM ledger.event WHERE type = 'mission.requested' AND position <= %(size)s) AS request USING (stream)
  LEFT JOIN (SELECT stream, occurred AS at
               FROM ledger.event
              WHERE type = 'mission.cancelled' AND position <= %(size)s
                AND convert_from(state, 'UTF8')::json #>> '{data,by}' = 'pro') AS cancelled USING (stream)
 GROUP BY 1, 2 ORDER BY 1, 2
"""


def projected(database: Path, size: int) -> Measured:
    """The first `size` events through the runner. Ends the benchmark when its counts are not those of plain SQL."""
    located = Database(url=embedded.start(database), folder=database)
    with connect(located, autocommit=True) as connection, own_schema(connection):
        size = min(size, _last(connection))
        Rates.last = size
        progress(f"eventsourcing's ProjectionRunner, {size:,} events")
        began = time.perf_counter()
        with ProjectionRunner(
            application_class=Reading, projection_class=RatesProjection, view_class=Rates, env=_environment(located)
        ) as runner:
            runner.wait(size, timeout=WAIT_SECONDS)
            seconds = time.perf_counter() - began
            runner.stop()
        counted = connection.execute("SELECT * FROM benchmark.rate ORDER BY 1, 2").fetchall()
        if counted != connection.execute(EXPECTED.encode(), {"size": size}).fetchall():
            sys.exit("the ProjectionRunner's counts are not those of plain SQL over the same events")
    return Measured(size, seconds)


def decoded(database: Path, size: int) -> Measured:
    """The first `size` events read and decoded through the library's interfaces, and nothing done with them."""
    with Reading({VARIABLE: str(database)}) as app:
        size = min(size, app.recorder.max_notification_id() or 0)
        progress(f"eventsourcing's reading and decoding, {size:,} events")
        began = time.perf_counter()
        for start in count(1, PAGE):
            page = app.recorder.select_notifications(start, min(PAGE, size + 1 - start))
            for each in page:
                app.mapper.to_domain_event(each)
            if start + PAGE > size:
                return Measured(size, time.perf_counter() - began)
    raise AssertionError("the log is never read to its end")


def _environment(located: Database) -> dict[str, str]:
    parts = conninfo.conninfo_to_dict(located.url)
    return {
        VARIABLE: str(located.folder),
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts.get("host", "")),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts.get("user") or ""),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_SCHEMA": "benchmark",
    }


def _last(connection: Connection) -> int:
    row = connection.execute("SELECT coalesce(max(position), 0) FROM ledger.event").fetchone()
    assert row is not None
    return int(row[0])
