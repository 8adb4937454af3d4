"""SQL by name: every statement of the store is a file in `ledger/store/sql`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str, folder: Path = FOLDER) -> bytes:
    """The text of `<folder>/<name>.sql`, read once. Bytes: psycopg takes no built text as a query."""
    return (folder / f"{name}.sql").read_bytes()
