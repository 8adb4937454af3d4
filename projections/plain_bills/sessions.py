"""Which missions are plain, and what was done: the transitions of `ledger.missions.lifecycle` for the common course."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ledger.instants import parse_us
from ledger.money import to_minor
from projections.plain_bills.facts import Bools, Facts, Ints, Told


class Sessions(NamedTuple):
    """The plain missions in the order asked for, one element each; `request` and `acceptance` are rows of their tables.

    `minutes` and `added` (minor units) are what is billed. `position` is that of the last event that touches the bill.
    The changes of duration, `changes` of them, are rows of their own: `changed` is the place of their session here.
    """

    mission: Ints
    request: Ints
    acceptance: Ints
    accepted_at: Ints
    ended_at: Ints
    minutes: Ints
    added: Ints
    position: Ints
    changed: Ints
    changed_at: Ints
    changed_position: Ints


def sessions(facts: Facts, count: int, amended: Ints) -> Sessions:
    """The plain ones of `count` missions; `amended` are those that are none, whatever their events."""
    request, acceptance, completion = (_once(each, count) for each in facts[:3])
    plain = (request >= 0) & (acceptance >= 0) & (completion >= 0)
    plain[facts.others] = False
    plain[amended] = False
    mission = np.flatnonzero(plain)
    request, acceptance, completion = request[mission], acceptance[mission], completion[mission]
    completed_at = facts.completed.at[completion]
    ended_at = _ended(facts.completed, completion)
    held = (
        _before(facts.requested, request, facts.accepted, acceptance)
        & _before(facts.accepted, acceptance, facts.completed, completion)
        & (ended_at <= completed_at)
        & (ended_at >= facts.requested.at[request])
        & _same_pro(facts.completed.data["pro"], completion, facts.accepted.data["pro"], acceptance)
    )
    kept = np.flatnonzero(held)
    return _with_changes(facts, mission[kept], request[kept], acceptance[kept], completion[kept], ended_at[kept], count)


def _with_changes(
    facts: Facts, mission: Ints, request: Ints, acceptance: Ints, completion: Ints, ended_at: Ints, count: int
) -> Sessions:
    """The sessions with what changed after their completion; those where a change does not simply follow it go."""
    modified, completed = facts.modified, facts.completed
    place = np.full(count, -1, np.int64)
    place[mission] = np.arange(len(mission))
    changes = np.flatnonzero(place[modified.mission] >= 0)
    # In the order they happened: the last one tells the minutes.
    changes = changes[np.lexsort((modified.position[changes], modified.at[changes], modified.mission[changes]))]
    session = place[modified.mission[changes]]
    added, foreign = _added(modified.data["added"], changes, facts.requested.data["price.currency"], request[session])
    unfit = foreign | ~(
        _before(completed, completion[session], modified, changes)
        & _same_pro(modified.data["pro"], changes, facts.accepted.data["pro"], acceptance[session])
    )
    plain = np.ones(len(mission), np.bool_)
    plain[session[unfit]] = False

    minutes = _numbers(completed.data["duration_minutes"])[completion]
    minutes[session] = _numbers(modified.data["duration_minutes"])[changes]  # of several the last assignment stays
    extra = np.zeros(len(mission), np.int64)
    np.add.at(extra, session, added)
    last = np.maximum.reduce(
        [
            facts.requested.position[request],
            facts.accepted.position[acceptance],
            completed.position[completion],
            _latest(facts.modified, count)[mission],
            _latest(facts.moved, count)[mission],
        ]
    )
    kept = np.flatnonzero(plain)
    new_place = np.cumsum(plain) - 1
    stays = plain[session]
    return Sessions(
        mission[kept],
        request[kept],
        acceptance[kept],
        facts.accepted.at[acceptance[kept]],
        ended_at[kept],
        minutes[kept],
        extra[kept],
        last[kept],
        new_place[session[stays]],
        modified.at[changes[stays]],
        modified.position[changes[stays]],
    )


def _once(told: Told, count: int) -> Ints:
    """The row of each mission's only event of a type; -1 where it has none or several."""
    row = np.full(count, -1, np.int64)
    row[told.mission] = np.arange(len(told.mission))
    row[np.bincount(told.mission, minlength=count) != 1] = -1
    return row


def _before(one: Told, rows: Ints, other: Told, other_rows: Ints) -> Bools:
    """Whether the one happened before the other: by time, then by place in the log."""
    at, other_at = one.at[rows], other.at[other_rows]
    result: Bools = (at < other_at) | ((at == other_at) & (one.position[rows] < other.position[other_rows]))
    return result


def _same_pro(named: Any, rows: Ints, pros: Any, pro_rows: Ints) -> Bools:
    """Whether an event names the pro who holds the mission, or nobody."""
    if named.null_count == len(named):
        return np.ones(len(rows), np.bool_)
    taken = named.take(pa.array(rows))
    same = pc.equal(taken, pros.take(pa.array(pro_rows)))
    either = pc.or_(pc.fill_null(same, True), pc.equal(pc.fill_null(taken, ""), ""))
    result: Bools = either.to_numpy(zero_copy_only=False) if isinstance(either, pa.Array) else either.to_numpy()
    return result


def _ended(completed: Told, rows: Ints) -> Ints:
    """When the sessions ended: as told, else when their completion happened."""
    at = completed.at.copy()
    told = completed.data["ended_at"]
    if told.null_count < len(told):
        where = np.flatnonzero(pc.is_valid(told).to_numpy())
        at[where] = [parse_us(text) for text in told.take(pa.array(where)).to_pylist()]
    return at[rows]


def _added(services: Any, rows: Ints, currencies: Any, requests: Ints) -> tuple[Ints, Bools]:
    """What each change adds, in minor units, and whether that is in another currency than the mission's."""
    added, foreign = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_)
    taken = services.take(pa.array(rows))
    where = np.flatnonzero(pc.is_valid(taken).to_numpy())
    named = currencies.take(pa.array(requests[where])).to_pylist()
    for index, each, currency in zip(where, taken.take(pa.array(where)).to_pylist(), named, strict=True):
        prices = [service["price"] for service in each]
        if any(price["currency"] != currency for price in prices):
            foreign[index] = True
        else:
            added[index] = sum(to_minor(price["amount"], currency) for price in prices)
    return added, foreign


def _numbers(column: Any) -> Ints:
    result: Ints = column.to_numpy().astype(np.int64)
    return result


def _latest(told: Told, count: int) -> Ints:
    """The position of each mission's last event of a type; 0: it has none."""
    latest = np.zeros(count, np.int64)
    np.maximum.at(latest, told.mission, told.position)
    return latest
