"""A ledger many times as large: the history of an imported one, told again for other pros and other missions.

    mission-ledger import flights.ndjson --database DIR
    python -m tests.benchmarks.multiplied --database DIR --times 7

Importing ten million events takes many minutes and both cores; what reads are measured on may be made from what was
imported, inside the server. Each copy is a region of its own: its missions, pros and events have the region's number
behind their names, its positions follow those of the copy before it, and cities, clients and times are the same. The
log is as an import of one region's history after another would have left it: documents that name the renamed ids,
digests that are theirs, versions, findings right behind their causes with the positions of their evidence; `verify`
holds on it. The projections are multiplied with it, and the indexes made anew at the end, so they are as compact as
after a rebuild. Nothing but benchmarks reads such a ledger. About 0.9 GB of disk for a million events, and as much
again while it runs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import psycopg

from ledger.store import embedded
from ledger.store.database import Connection, Database, connect

MULTIPLIED = ("event", "participation", "pro_standing", "city_standing", "warning", "billing_line", "billing_pending")
EMPTY = ("proposal", "anomaly", "damage", "complaint", "review", "reconsidered", "billing_entry", "invoice")
"""What a history has none of here; one that has would need more than is done below."""

COPY = Path(__file__).with_name("multiplied.sql")

# Constraints after plain indexes: a constraint's index goes and comes with it.
KEYS = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, conname,
       CASE WHEN conname IS NULL THEN pg_get_indexdef(indexrelid) ELSE pg_get_constraintdef(pg_constraint.oid) END
  FROM pg_index
  LEFT JOIN pg_constraint ON conindid = indexrelid
 WHERE indrelid = ANY (SELECT oid FROM pg_class
                        WHERE relname = ANY (%s) AND relnamespace::regnamespace::text IN ('ledger', 'projection'))
 ORDER BY conname NULLS FIRST, indexrelid
"""


def multiply(database: Database, times: int) -> int:
    """Put `times` - 1 copies behind the history that the ledger holds; how many events it has then."""
    with connect(database, autocommit=True) as connection:
        size, began, ended = connection.execute(
            "SELECT max(position), min(recorded), max(recorded) FROM ledger.event"
        ).fetchone() or (0, None, None)
        _check(connection)
        pros = [row[0] for row in connection.execute("SELECT pro FROM projection.pro_standing").fetchall()]
        # A rebuild that is stopped half-way leaves the keys out: the folder is then of no use, and is said to be.
        keys = connection.execute(KEYS, [list(MULTIPLIED)]).fetchall()
        connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
        _drop(connection, keys)
        for copy in range(1, times):
            progress(f"copy {copy} of {times - 1}")
            told = {
                "offset": copy * size,
                "suffix": f".{copy}",
                "size": size,
                "later": (ended - began) * copy,
                "pros": pros,
            }
            with connection.transaction():
                _copy(connection, told)
        progress("keys and indexes")
        for table, _, constraint, definition in keys:
            made = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}" if constraint else definition
            connection.execute(made.encode())
        connection.execute("UPDATE projection.checkpoint SET position = %s", [size * times])
        connection.execute("DELETE FROM ledger.import_run")
        progress("vacuum")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    return int(size * times)


def _check(connection: Connection) -> None:
    for table in EMPTY:
        if connection.execute(f"SELECT FROM projection.{table} LIMIT 1".encode()).fetchone() is not None:
            sys.exit(f"this history has rows in {table}, which are not multiplied: take one that has none")
    others = connection.execute(
        "SELECT DISTINCT type FROM ledger.event WHERE type NOT LIKE 'mission.%%' AND source <> 'mission-ledger/engine'"
    ).fetchall()
    waiting = connection.execute(
        "SELECT (SELECT count(*) FROM projection.billing_line), (SELECT count(*) FROM projection.billing_pending)"
    ).fetchone()
    if waiting is not None and waiting[0] != waiting[1]:
        sys.exit("this history has closed months, which are not multiplied")
    if others:
        sys.exit(f"this history has {', '.join(row[0] for row in others)}, which is not multiplied")


def _drop(connection: Connection, keys: list[tuple[Any, ...]]) -> None:
    for table, index, constraint, _ in keys:
        dropped = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"
        connection.execute(dropped.encode())


def _copy(connection: Connection, told: dict[str, Any]) -> None:
    # One file, many statements: the client binds their parameters.
    psycopg.ClientCursor(connection).execute(COPY.read_bytes(), told)
    findings = connection.execute(
        "SELECT * FROM ledger.event WHERE position <= %(size)s AND type NOT LIKE 'mission.%%' ORDER BY position", told
    ).fetchall()
    with connection.cursor().copy("COPY ledger.event FROM STDIN") as out:
        for row in _renamed(findings, told):
            out.write_row(row)


def _renamed(findings: list[tuple[Any, ...]], told: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The engine's events of a copy: their ids, causes, proposals and evidence are the copy's."""
    offset, suffix = told["offset"], told["suffix"]
    for position, stream, version, kind, source, event_id, occurred, recorded, _, state in findings:
        document, own = orjson.loads(state), _moved(event_id, offset)
        mission, step = document["causationid"].rsplit("/", 1)
        document |= {"id": own, "subject": document["subject"] + suffix, "causationid": f"{mission}{suffix}/{step}"}
        data = document["data"]
        if "evidence" in data:
            data["evidence"] = [each + offset for each in data["evidence"]]
        if "proposal" in data:
            data["proposal"] = _moved(data["proposal"], offset)
        text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        at = recorded + told["later"]
        yield position + offset, stream + suffix, version, kind, source, own, occurred, at, sha256(text).digest(), text


def _moved(event_id: str, offset: int) -> str:
    """The engine names its events by their positions: `warned-47474`."""
    name, position = event_id.rsplit("-", 1)
    return f"{name}-{int(position) + offset}"


def progress(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--database", type=Path, required=True, help="the folder of an embedded ledger, changed in place"
    )
    parser.add_argument("--times", type=int, default=7, help="how many times the history is there then (%(default)s)")
    options = parser.parse_args()
    folder = options.database.resolve()
    print(f"{multiply(Database(url=embedded.start(folder), folder=folder), options.times):,} events")
    return 0


if __name__ == "__main__":
    sys.exit(main())
