"""What waits for a person: which proposals are open says the projection `standing`, the rest their own events."""

from __future__ import annotations

from typing import Any

from ledger.entries import stored_document
from ledger.instants import DAY, to_text
from ledger.store.database import Connection, translated
from ledger.store.log import StoredRow, read_at
from projections.claims_reading import claims
from projections.known import accounts_of
from projections.statements import sql


def proposals(connection: Connection, pro: str | None, *, now: int) -> dict[str, Any]:
    """`{"position", "proposals": [..], "reports": [..], "no_shows": [..]}`, what has waited longest first.

    Refuses `unknown_pro`.
    """
    pros = None if pro is None else accounts_of(connection, pro)
    with translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        position = connection.execute(sql("last_position")).fetchone()
        waiting = [row[0] for row in connection.execute(sql("open_proposals"), {"pros": pros}).fetchall()]
        rows = list(read_at(connection, waiting))
        assert position is not None
        others = claims(connection, pros, until=position[0], now=now)
    rows.sort(key=lambda row: (row.occurred, row.position))
    return {"position": position[0], "proposals": [_proposal(row, now) for row in rows], **others}


def _proposal(row: StoredRow, now: int) -> dict[str, Any]:
    doc = stored_document(row)
    data = doc["data"]
    return {
        "event": row.id,
        "pro": doc["subject"],
        "rule": data["rule"],
        "kind": data["kind"],
        "policy": data["policy"],
        "time": to_text(row.occurred),
        "recorded": to_text(row.recorded),
        "position": row.position,
        "figures": data["figures"],
        "evidence": data["evidence"],
        "waiting_days": max(0, now - row.occurred) // DAY,
    }
