"""Answers from the projection `warnings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.instants import NEVER, to_text
from ledger.store.database import Connection, translated
from projections.known import accounts_of
from projections.statements import sql


def warnings(connection: Connection, pro: str | None, *, now: int) -> dict[str, Any]:
    """Every warning, or one pro's, in order of position. Refuses `unknown_pro`."""
    with translated():
        position = connection.execute(sql("last_position")).fetchone()
    accounts = None if pro is None else accounts_of(connection, pro)
    assert position is not None
    return {"position": position[0], "warnings": warnings_of(connection, accounts, now=now)}


def warnings_of(connection: Connection, accounts: Sequence[str] | None, *, now: int) -> list[dict[str, Any]]:
    """The warnings of a person's accounts, or all, in order of position."""
    with translated():
        asked = {"pros": None if accounts is None else list(accounts)}
        rows = connection.execute(sql("warnings_of"), asked).fetchall()
    return [_warning(*row, now=now) for row in rows]


def _warning(*row: Any, now: int) -> dict[str, Any]:
    position, event, pro, ladder, rule, policy, at, expires_at, figures, evidence, voided = row
    return {
        "event": event,
        "pro": pro,
        "ladder": ladder,
        "rule": rule,
        "time": to_text(at),
        "expires_at": to_text(expires_at) if expires_at != NEVER else None,
        "position": position,
        "policy": policy,
        "figures": figures,
        "evidence": evidence,
        "voided": voided,
        "expired": NEVER < expires_at <= now,
    }
