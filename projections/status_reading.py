"""What a ledger is and holds: database, versions, positions, counts."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ledger.instants import to_text, to_us
from ledger.policies.register import Register
from ledger.store.database import Connection, Database, translated
from ledger.store.schema import HEAD, current
from projections.beside import KEPT, exists
from projections.catalogue import PROJECTIONS
from projections.statements import sql

COUNTED = ("pros", "missions_billed", "warnings", "open_proposals", "anomalies")


def program_version() -> str:
    """The installed version of this program."""
    try:
        return version("mission-ledger")
    except PackageNotFoundError:  # run from a checkout without being installed
        return "0+checkout"


def status(connection: Connection, database: Database, register: Register, *, now: int) -> dict[str, Any]:
    """Database, versions, positions, lag of each projection, counts, and the last rebuild."""
    with translated():
        log = connection.execute(sql("log_extent")).fetchone()
        kept = {row[0]: row[1:] for row in connection.execute(sql("checkpoints")).fetchall()}
        counts = connection.execute(sql("counts")).fetchone()
        rebuild = connection.execute(sql("last_rebuild")).fetchone()
        schema = current(connection)
    assert log is not None
    assert counts is not None
    position, first, last, size = log
    return {
        "database": database.label,
        "embedded": database.embedded,
        "program": program_version(),
        "python": platform.python_version(),
        "server": connection.info.parameter_status("server_version"),
        "schema": schema,
        "schema_expected": HEAD,
        "position": position,
        "first_recorded": to_text(to_us(first)) if first else None,
        "last_recorded": to_text(to_us(last)) if last else None,
        "log_bytes": size,
        "policy_in_force": register.in_force(now).name,
        "projections": [
            {
                "name": each.name,
                "version": each.version,
                "position": kept[each.name][1] if each.name in kept else 0,
                "lag": position - (kept[each.name][1] if each.name in kept else 0),
            }
            for each in PROJECTIONS
        ],
        "counts": dict(
            zip(("pros", "missions_billed", "warnings", "open_proposals", "anomalies"), counts, strict=True)
        ),
        "rebuild_events_per_second": round(rebuild[0] / rebuild[1]) if rebuild else None,
        "projections_kept": KEPT if exists(connection, KEPT) else None,
    }
