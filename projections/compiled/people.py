"""Who is judged by the compiled code and who is not, and the events that both sides of a comparison name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import OF_MISSIONS, PROPOSED, SUSPENDED, WARNED
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections.compiled.deriving import Told
from projections.replay.consequences import LeftOut
from projections.replay.streams import Accounts, Shared
from projections.statements import sql

FINDINGS = (WARNED, PROPOSED, SUSPENDED)


def engine_events(connection: Connection, until: int) -> Iterator[Entry]:
    """What the engine wrote up to a position."""
    entries = (entry_of_row(row) for row in read(connection, types=FINDINGS, until=until))
    return (each for each in entries if each.by_engine)


def mark_odd(
    connection: Connection,
    shared: Shared,
    people: Sequence[Accounts],
    *tellings: Told,
    others: Iterable[str] = (),
) -> list[Accounts]:
    """Whom plain Python must judge: persons of several accounts, or whose findings were voided, the odd ones, `others`.

    They are marked in every telling of the same log.
    """
    odd = np.maximum.reduce([each.odd for each in tellings])
    number = tellings[0].names["pro"].number
    voided = {each.subject for each in shared.findings_voided}
    engine = engine_events(connection, shared.bounds.until) if voided else ()
    named = [each.subject for each in engine if each.id in voided]
    odd[[number[each] for each in (*named, *others) if each in number]] = 1
    rest = []
    for person in people:
        numbers = [number[each] for each in person if each in number]
        if len(person) > 1 or odd[numbers].any():
            odd[numbers] = 1
            rest.append(person)
    for each in tellings:
        each.odd[:] = odd
    return rest


def entries_at(connection: Connection) -> Callable[[Iterable[int]], Mapping[int, Entry]]:
    """Reads the events at positions."""

    def of(positions: Iterable[int]) -> Mapping[int, Entry]:
        rows = read_at(connection, sorted(set(positions)))
        return {each.position: each for each in map(entry_of_row, rows)}

    return of


def concerning(connection: Connection, entries: Iterable[Entry]) -> list[Entry]:
    """Those that are about a pro, or about a mission that concerns one."""
    entries = list(entries)
    missions = {each.subject for each in entries if each.type.startswith(OF_MISSIONS)}
    if not missions:
        return entries
    with translated():
        rows = connection.execute(sql("missions_concerning"), {"missions": list(missions)}).fetchall()
    unconcerned = missions - {row[0] for row in rows}
    return [each for each in entries if not (each.type.startswith(OF_MISSIONS) and each.subject in unconcerned)]


def left_out(connection: Connection, told: Told) -> list[LeftOut]:
    """The facts that would now be refused."""
    refusals = {each.position: each.refusal for each in told.left_out}
    entries = concerning(connection, entries_at(connection)(refusals).values())
    return [LeftOut(each, refusals[each.position].code, refusals[each.position].message) for each in entries]
