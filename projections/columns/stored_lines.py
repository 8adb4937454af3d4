"""The billing lines that are stored, all of them, as columns straight from PostgreSQL (ADBC → Arrow).

They come over a connection of their own while the events are told, and of the same state of the ledger.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa

from ledger.store.database import Connection, Database, translated
from projections.statements import sql


class StoredLines:
    """On their way from the moment this is made; `table` waits for them."""

    def __init__(self, connection: Connection, database: Database) -> None:
        """`connection` is in the transaction whose state is wanted, and stays in it until `table` was called."""
        with translated():
            row = connection.execute(sql("export_snapshot")).fetchone()
        assert row is not None
        self._pool = ThreadPoolExecutor(1)
        self._coming: Future[pa.Table] = self._pool.submit(_read, database.url, str(row[0]))

    def table(self) -> pa.Table:
        """The lines: the columns of `ledger.billing.Line`."""
        try:
            return self._coming.result()
        finally:
            self._pool.shutdown()


def _read(url: str, snapshot: str) -> pa.Table:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415  only a large replay needs it

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        cursor.execute(sql("lines_as_columns").decode())
        return cursor.fetch_arrow_table()
