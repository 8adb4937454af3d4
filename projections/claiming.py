"""Work that one process at a time may do, claimed for as long as its connection lives."""

from __future__ import annotations

from typing import Any

from ledger.errors import Conflict
from ledger.store.database import Connection, translated
from projections.statements import sql

CLAIM_SECONDS = 5.0
"""So long a claim that is taken is waited for: the server holds that of a killed process until it has noticed."""


def claim(connection: Connection, statement: str, refusal: Conflict, **parameters: Any) -> None:
    """Take the lock of `sql/<statement>.sql`, outside a transaction. Raises the refusal where another keeps it."""
    try:
        with translated(), connection.transaction():
            connection.execute(sql("claim_patience"), {"patience": f"{round(CLAIM_SECONDS * 1000)}ms"})
            connection.execute(sql(statement), parameters)
    except Conflict as error:
        raise refusal from error
