"""A closed period derived again from the facts, and compared with what was frozen, to the cent and by its digest.

A large period is derived by compiled code over the columns of the log (`compiled.month`), and only what differs or is
out of the ordinary one by one; a small one altogether so (`period_comparing`). Nothing is written.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.errors import Refused
from ledger.instants import to_text
from ledger.policies.document import Policy
from ledger.policies.register import Register
from ledger.store.database import Connection, Database
from projections.archive import PostgresArchive
from projections.billed_missions import read_terms
from projections.billing_totals import total_answer
from projections.period_comparing import Replayed
from projections.periods import Closed, closed_answer, closed_periods
from projections.replay import speeds
from projections.replay.assumptions import ALWAYS
from projections.replay.extent import Known, last_position
from projections.snapshot import snapshot
from projections.statements import sql

Answer = dict[str, Any]
Advance = Callable[[int, int], None]
WORK_MEMORY = "256MB"
"""To find the missions that a close left out among a million without a file."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which closed period; under which policy instead of the published ones; as if nothing were recorded after `known`.

    Without `known` everything counts that is recorded now, so what arrived after the close shows as a difference.
    """

    period: str
    policy: Policy | None = None
    known: Known | None = None
    speed: str = speeds.AUTOMATIC


def replay_period(connection: Connection, database: Database, question: Question, *, progress: Advance) -> Answer:
    """`billing replay --json`. Refuses `not_closed`."""
    started = time.perf_counter()
    with snapshot(connection):
        closed = closed_period(connection, question.period)
        until = question.known.through if question.known else last_position(connection)
        archive = PostgresArchive(connection, until=until)
        assumed = Register(assumed=(ALWAYS, question.policy)) if question.policy is not None else None
        replayed = Replayed(archive, closed, read_terms(archive, assumed), assuming=assumed is not None)
        if speeds.compiles_month(question.speed, until, closed.data["lines"]):
            missions = _by_columns(replayed, database, progress)
        else:
            missions = _each(replayed, progress)
    seconds = time.perf_counter() - started
    digest = replayed.digest.hexdigest()
    return {
        "period": question.period,
        "position": question.known.position if question.known else until,
        "known_at": to_text(question.known.at) if question.known else None,
        "policy": question.policy.name if question.policy else None,
        "same": not replayed.changed and (question.policy is not None or digest == closed.data["digest"]),
        "lines": {"closed": closed.data["lines"], "derived": replayed.entries},
        "digest": {"closed": closed.data["digest"], "derived": digest},
        "totals_closed": closed.data["totals"],
        "totals_derived": {currency: total_answer(currency, *sums) for currency, sums in sorted(replayed.sums.items())},
        "fees_without_cap": _without_cap(replayed, question.policy),
        "changed": replayed.changed.few(),
        "closed": closed_answer(closed),
        "missions": missions,
        "seconds": round(seconds, 3),
    }


def _without_cap(replayed: Replayed, assumed: Policy | None) -> list[Answer]:
    """The fees for absent clients that no cap bounds, as their policy's is in another currency; how many of each kind.

    Amounts of two currencies are never compared (`ledger.billing.workings`).
    """
    found: Counter[tuple[str, str, str]] = Counter()
    for fee, number in replayed.fees.items():
        policy = assumed or replayed.terms.chronicle.policy(fee.policy, replayed.archive.until + 1)
        _, currency = policy.fee_cap(fee.city)
        if currency != fee.currency:
            found[policy.name, currency, fee.currency] += number
    names = ("policy", "cap_currency", "currency")
    return [{**dict(zip(names, kind, strict=True)), "fees": number} for kind, number in sorted(found.items())]


def closed_period(connection: Connection, period: str) -> Closed:
    """The close of a period. Refuses `not_closed`."""
    closed = closed_periods(connection).get(period)
    if closed is None:
        text = f"{period} is not closed: nothing is frozen to compare with; billing periods lists them"
        raise Refused("not_closed", text, period=period)
    return closed


def _each(replayed: Replayed, progress: Advance) -> int:
    """Derive all missions of the period one by one, in the order of its entries; how many there are."""
    rows = replayed.archive.connection.execute(sql("missions_frozen"), {"position": replayed.closed.position})
    missions = sorted([*(row[0] for row in rows), *_left_out(replayed)])
    replayed.add(missions, progress)
    return len(missions)


def _by_columns(replayed: Replayed, database: Database, progress: Advance) -> int:
    """The same by compiled code, and one by one only what it leaves."""
    from projections.columns.arriving import Arriving  # noqa: PLC0415  it loads Arrow, and the next two a compiler
    from projections.columns.reading import Stored  # noqa: PLC0415
    from projections.compiled.month import Month, bills_of  # noqa: PLC0415

    archive, closed = replayed.archive, replayed.closed
    coming = Arriving(archive.connection, database, "entries_as_columns", position=closed.position)
    source = Stored(archive.connection, archive.until)
    billed, since = bills_of(source, replayed.terms.chronicle, replayed.terms.voids, progress, after=closed.position)
    month = Month(
        billed,
        coming.table(),
        _left_out(replayed),
        period=closed.period,
        at=closed.at,
        assuming=replayed.assuming,
        since=since,
        credited=_credited(replayed),
    )
    replayed.entries, replayed.sums, replayed.fees = month.entries, month.sums(), month.fees()
    texts = month.texts()
    replayed.add(month.rest, progress, texts, month.worked_out)
    replayed.tell(next(texts))
    return month.missions


def _left_out(replayed: Replayed) -> list[str]:
    """The missions whose line is of the period now, and that no close up to its own froze."""
    bounds = {"position": replayed.closed.position, "period": replayed.closed.period}
    with replayed.archive.connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", (WORK_MEMORY,))
        return [row[0] for row in cursor.execute(sql("missions_left_out"), bounds).fetchall()]


def _credited(replayed: Replayed) -> list[str]:
    """The missions that a later close corrects, whatever close froze them."""
    rows = replayed.archive.connection.execute(sql("missions_credited"), {"position": replayed.closed.position})
    return [row[0] for row in rows]
