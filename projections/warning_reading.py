"""Answers from the projection `warnings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ledger.events.catalogue import topics_of
from ledger.instants import NEVER, to_text
from ledger.store.database import Connection, translated
from projections.known import accounts_of
from projections.statements import sql

REINSTATED = topics_of(["pro.reinstated"])


def warnings(connection: Connection, pro: str | None, *, now: int) -> dict[str, Any]:
    """Every warning, or one pro's, in order of position. Refuses `unknown_pro`."""
    with translated():
        position = connection.execute(sql("last_position")).fetchone()
    accounts = None if pro is None else accounts_of(connection, pro)
    assert position is not None
    return {"position": position[0], "warnings": warnings_of(connection, accounts, now=now)}


def warnings_of(connection: Connection, accounts: Sequence[str] | None, *, now: int) -> list[dict[str, Any]]:
    """The warnings of a person's accounts, or all, in order of position.

    `on_ladder`: no reinstatement since began the ladder anew, so that it counts until it expires.
    """
    with translated():
        asked = {"pros": None if accounts is None else list(accounts)}
        rows = connection.execute(sql("warnings_of"), asked).fetchall()
    since = reinstated(connection, accounts)
    return [_warning(*row, now=now) | {"on_ladder": row[0] > since.get(row[2], 0)} for row in rows]


def reinstated(connection: Connection, pros: Sequence[str] | None) -> dict[str, int]:
    """Pro → where its last reinstatement stands, from which ladders began anew; of some pros, or of all."""
    asked = {"pros": None if pros is None else list(pros), "types": REINSTATED}
    with translated():
        return dict(connection.execute(sql("reinstated"), asked).fetchall())


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
