"""Tables of a projection as columns, straight from PostgreSQL (ADBC → Arrow).

They come over a connection of their own while the events are told, and of the same state of the ledger.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pyarrow as pa

from ledger.store.database import Connection, Database
from projections.snapshot import exported, joining
from projections.statements import sql

KEY = "mission"
"""The column of texts that are all different; those of the others recur."""


class Arriving:
    """The rows of a statement, on their way from the moment this is made; `table` waits for them.

    Texts arrive as dictionaries, each once. The statement's parameters are whole numbers.
    """

    def __init__(self, connection: Connection, database: Database, statement: str, **numbers: int) -> None:
        """`connection` is in the transaction whose state is wanted, and stays in it until `table` was called."""
        query = sql(statement).decode() % numbers if numbers else sql(statement).decode()
        self._pool = ThreadPoolExecutor(1)
        self._coming: Future[pa.Table] = self._pool.submit(_read, database.url, exported(connection), query)

    def table(self) -> pa.Table:
        """All of them."""
        try:
            return self._coming.result()
        finally:
            self._pool.shutdown()


def _read(url: str, snapshot: str, query: str) -> pa.Table:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415  only a large replay needs it

    with dbapi.connect(url) as connection, connection.cursor() as cursor:
        for statement in joining(snapshot):
            cursor.execute(statement)
        cursor.execute(query)
        with cursor.fetch_record_batch() as reader:
            names = reader.schema.names
            columns = [[_compact(pa.array([], each.type), each.name)] for each in reader.schema]
            for batch in reader:
                for name, parts, part in zip(names, columns, batch.columns, strict=True):
                    parts.append(_compact(part, name))
    return pa.table([_whole(columns.pop(0)) for _ in names], names)


def _compact(part: pa.Array, name: str) -> pa.Array:
    """A copy that takes no more room than it needs: what the driver hands over has room for twice as much."""
    if name != KEY and pa.types.is_string(part.type):
        return part.dictionary_encode()
    if pa.types.is_integer(part.type):
        return pa.array(part.to_numpy().copy())
    return part.take(pa.array(np.arange(len(part))))


def _whole(parts: list[pa.Array]) -> pa.Array:
    """One array of many."""
    return pa.chunked_array(parts).unify_dictionaries().combine_chunks()
