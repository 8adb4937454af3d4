"""Questions to the server in order, the next one under way while an answer is used: two processors work at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ledger.store.database import Connection

Question = tuple[bytes, dict[str, Any]]
Rows = list[tuple[Any, ...]]


def answers(connection: Connection, questions: Sequence[Question]) -> Iterator[Rows]:
    """The rows of each question. The connection must not be used otherwise until the last one is taken."""

    def ask(question: Question) -> Rows:
        with connection.cursor(binary=True) as cursor:
            return cursor.execute(*question).fetchall()

    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(ask, questions[0]) if questions else None
        for following in (*questions[1:], None):
            if coming is None:
                return
            rows = coming.result()
            coming = reader.submit(ask, following) if following is not None else None
            yield rows
