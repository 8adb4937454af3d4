"""Answers from the projection `damage`: the files, and what each still lacks."""

from __future__ import annotations

from typing import Any

from ledger.instants import to_text
from ledger.money import to_amount
from ledger.store.database import Connection, translated
from projections.known import accounts_of, check_mission
from projections.statements import sql


def damage(connection: Connection, *, pro: str | None, mission: str | None, incomplete: bool) -> dict[str, Any]:
    """`{"position", "files": [..]}` in order of declaration. Refuses `unknown_pro` and `unknown_mission`."""
    if mission is not None:
        check_mission(connection, mission)
    pros = None if pro is None else accounts_of(connection, pro)
    chosen = {"pros": pros, "mission": mission, "incomplete": incomplete}
    with translated(), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        position = connection.execute(sql("last_position")).fetchone()
        rows = connection.execute(sql("damage_files"), chosen).fetchall()
    assert position is not None
    return {"position": position[0], "files": [_file(*row) for row in rows]}


def _file(*row: Any) -> dict[str, Any]:
    mission, pro, client, city, position, event, declared_at, ended_at, ended, due_at, late, policy = row[:12]
    required, present, missing, client_informed, estimate, currency, declarations = row[12:]
    return {
        "mission": mission,
        "pro": pro or None,
        "client": client,
        "city": city,
        "event": event,
        "position": position,
        "time": to_text(declared_at),
        "declarations": declarations,
        "session_ended_at": to_text(ended_at) if ended else None,
        "due_at": to_text(due_at),
        "late": late,
        "client_informed": client_informed,
        "estimate": {"amount": to_amount(estimate, currency), "currency": currency} if currency else None,
        "policy": policy,
        "required": required,
        "present": present,
        "missing": missing,
        "complete": not missing,
    }
