"""The life cycle of missions as machine code: events in the order they are told, each mission a flat record.

It takes the plain course of things: events in the order they happened, one pro, nothing that was refused. Whatever else
comes up makes the mission odd, and `odd` tells all of it in plain Python. What is here says the same as
`ledger/missions`, transition by transition; tests/compiled holds both to the same moves.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from ledger.instants import NEVER, SECOND
from ledger.missions.facts import (
    ACCEPTED,
    BY_CLIENT,
    BY_PRO,
    CANCELLED,
    CHECKED_IN,
    COMPLETED,
    DELAYED,
    EXPIRED,
    NO_SHOW,
    RATED,
    REFUSED,
    RESCHEDULED,
)
from ledger.missions.mission import CANCELLED as OFF
from ledger.missions.mission import CLIENT_ABSENT as ABSENT
from ledger.missions.mission import COMPLETED as DONE
from ledger.missions.mission import HELD, NOTHING_ADVERSE, OPEN, PRO_CANCELLED, PRO_NO_SHOW
from projections.columns.numbered import EXCUSED, OF_SERIES
from projections.compiled.compiling import compiled

ODD, STILL, MOVED = range(3)
"""What an event made of its mission: something for plain Python, nothing a pro's figures show, or a move of them."""

Numbers = npt.NDArray[Any]
Record = Any
"""A record of `records.MISSION`, or of another type there."""

_FAR = 2**40  # minor units beyond which products might not fit 64 bits


@compiled
def request(m: Record, e: Record, d: Record) -> int:
    if m.known:
        return ODD
    m.known = 1
    m.state, m.held, m.pro, m.ordinal, m.later = OPEN, 0, -1, -1, 0
    m.requested_at, m.starts_at = e.at, e.when
    m.minutes, m.asked_minutes = e.minutes, e.minutes
    m.client, m.city, m.service, m.timezone = d.client, d.city, d.service, d.timezone
    m.currency, m.series, m.price, m.hourly = d.currency, d.series, d.amount, d.hourly
    m.state_at, m.accepted_at, m.adverse = NEVER, NEVER, NOTHING_ADVERSE
    m.accepted_position, m.rated_position, m.stars, m.rating_counts = 0, 0, 0, 0
    m.pro_rated, m.register = 0, 0
    return ODD if m.price > _FAR else STILL


@compiled
def begin_later(m: Record, later: Numbers, number: int) -> None:
    """Give a mission its record of what happens to it beside taking place."""
    more = later[number]
    m.later = number
    more.judged_start, more.asked_start = m.starts_at, m.starts_at
    more.added, more.adverse_at, more.missed_at = 0, NEVER, NEVER
    more.adverse_position, more.confirmed_position, more.missed_position = 0, 0, 0
    more.late, more.by_cancellation, more.of_series, more.reporters, more.missed_by_cancelling = 0, 0, 0, 0, 0


@compiled
def under_way_with(m: Record, pro: int) -> bool:
    """Held by its pro, under way, and nobody else acts."""
    return m.state == HELD and m.held and (pro < 0 or pro == m.pro)


@compiled
def other_pro(m: Record, pro: int) -> bool:
    """Somebody acts who does not hold the mission, or nobody is known to."""
    return pro >= 0 and (not m.held or pro != m.pro)


@compiled
def accept(m: Record, e: Record) -> int:
    if m.state != OPEN or m.pro >= 0 or e.pro < 0:
        return ODD
    m.pro, m.accepted_at, m.accepted_position = e.pro, e.at, e.position
    m.held, m.state, m.state_at = 1, HELD, NEVER
    m.stars, m.rated_position, m.rating_counts, m.pro_rated = 0, 0, 0, 0
    return MOVED


@compiled
def reschedule(m: Record, more: Record, e: Record, threshold: int) -> int:
    if m.state not in (OPEN, HELD) or (e.pro >= 0 and other_pro(m, e.pro)):
        return ODD
    if e.by == BY_PRO and not m.held:
        return ODD
    if e.by == BY_PRO or (m.held and e.pro == m.pro):
        if more.judged_start - e.at >= threshold:
            more.judged_start = e.when
    else:
        more.judged_start = e.when
    moved = e.when != m.starts_at and m.pro >= 0
    m.starts_at = e.when
    if e.minutes:
        m.minutes = e.minutes
    return MOVED if moved else STILL


@compiled
def cancel(m: Record, more: Record, e: Record, threshold: int, needs_confirmation: int) -> int:
    if m.state not in (OPEN, HELD) or (e.pro >= 0 and other_pro(m, e.pro)):
        return ODD
    at = e.at
    if e.by != BY_PRO:
        m.state, m.state_at = OFF, at
        return MOVED if m.pro >= 0 and at < m.starts_at else STILL
    if not m.held:
        return ODD
    if not e.flag & EXCUSED:
        more.of_series = 1 if e.flag & OF_SERIES and m.series >= 0 else 0
        call_off(m, more, at, e.position, 1 if more.judged_start - at < threshold else 0)
        if at >= m.starts_at:
            report(m, more, at, e.position, BY_PRO, needs_confirmation)
    if m.rated_position:
        m.stars, m.rated_position, m.rating_counts, m.pro_rated = 0, 0, 0, 0
    m.held, m.state, m.state_at = 0, OPEN, NEVER
    return MOVED


@compiled
def call_off(m: Record, more: Record, at: int, position: int, late: int) -> None:
    """The pro called it off."""
    m.adverse, more.adverse_at, more.adverse_position = PRO_CANCELLED, at, position
    more.late, more.by_cancellation = late, 1


@compiled
def report(m: Record, more: Record, at: int, position: int, reporter: int, needs_confirmation: int) -> None:
    """A no-show that counts at once, unless evidence of presence or the policy makes it wait for a person."""
    more.missed_at, more.missed_position, more.reporters = at, position, 1 << reporter
    more.missed_by_cancelling = 1 if reporter == BY_PRO else 0
    if m.state != ABSENT and m.state_at == NEVER and not needs_confirmation:
        count_missed(m, more, 0)


@compiled
def count_missed(m: Record, more: Record, confirmed_position: int) -> None:
    """The reported no-show counts."""
    m.adverse, more.adverse_at, more.adverse_position = PRO_NO_SHOW, more.missed_at, more.missed_position
    more.confirmed_position, more.late = confirmed_position, 0
    if m.held and m.state == HELD:
        m.held, m.state = 0, OPEN


@compiled
def miss(m: Record, more: Record, e: Record, needs_confirmation: int) -> int:
    bit = 1 << e.by
    if more.reporters:
        if more.reporters & bit:
            return ODD
        more.reporters |= bit
        return STILL
    if m.state in (DONE, OFF) or e.at < m.starts_at or not m.held:
        return ODD
    report(m, more, e.at, e.position, e.by, needs_confirmation)
    return MOVED


@compiled
def confirm(m: Record, more: Record, position: int) -> int:
    if not more.reporters:
        return ODD
    count_missed(m, more, position)
    return MOVED


@compiled
def reject(m: Record, more: Record) -> int:
    if not more.reporters:
        return ODD
    more.confirmed_position = 0
    if more.missed_by_cancelling:
        call_off(m, more, more.missed_at, more.missed_position, 1)
        return MOVED
    m.adverse, more.adverse_at, more.adverse_position = NOTHING_ADVERSE, NEVER, 0
    if not m.held and m.state == OPEN:
        m.held, m.state = 1, HELD
    return MOVED


@compiled
def wait_in_vain(m: Record, e: Record, wait: int) -> int:
    if not under_way_with(m, e.pro):
        return ODD
    arrived = e.when if e.when != NEVER else m.state_at
    if e.at < m.starts_at or e.at - max(m.starts_at, arrived) < wait:
        return ODD  # refused, or a check-in takes the place of the wait
    m.state, m.state_at = ABSENT, e.at
    return STILL  # at or after the start: due at the start as before


@compiled
def complete(m: Record, e: Record) -> int:
    if not under_way_with(m, e.pro) or e.when > e.at or e.when < m.requested_at:
        return ODD
    m.state, m.state_at, m.minutes = DONE, e.when, e.minutes
    return MOVED if e.when < m.starts_at or m.rating_counts else STILL


@compiled
def modify(m: Record, more: Record, e: Record, d: Record, closes: int) -> int:
    """`closes`: when its bill closes. `d` is what was added, if `e.detail` says that anything was."""
    if (e.pro >= 0 and other_pro(m, e.pro)) or e.at < m.state_at or e.at >= closes:
        return ODD
    if e.detail >= 0:
        if d.currency != m.currency or d.amount > _FAR:
            return ODD
        more.added += d.amount
    m.minutes = e.minutes
    return STILL


@compiled
def rate(m: Record, e: Record, reporters: int) -> int:
    """`reporters`: whether a no-show was reported."""
    if m.pro < 0 or m.state == ABSENT:
        return ODD
    started = m.held or reporters
    if m.state == OFF:
        started = m.state_at >= m.starts_at
    if not started:
        return ODD
    if e.by != BY_CLIENT:
        if m.pro_rated:
            return ODD
        m.pro_rated = 1
        return STILL
    if m.rated_position:
        return ODD
    m.stars, m.rated_position = e.flag, e.position
    if m.state == OFF or not m.held:
        return STILL
    m.rating_counts = 1
    return MOVED if m.state == DONE else STILL


@compiled
def plain(m: Record, e: Record, later: Numbers) -> int:
    """What an event that asks no policy, has no details and changes no plan makes of its mission."""
    kind = e.kind
    if kind == ACCEPTED:
        if m.later:
            later[m.later].judged_start = m.starts_at
        return accept(m, e)
    if kind == COMPLETED:
        return complete(m, e)
    if kind == RATED:
        return rate(m, e, later[m.later].reporters)
    if kind in (REFUSED, EXPIRED):
        return ODD if m.held and e.pro == m.pro else STILL
    if kind in (DELAYED, CHECKED_IN):
        if not under_way_with(m, e.pro):
            return ODD
        if kind == CHECKED_IN and e.flag and m.state_at == NEVER:
            m.state_at = e.at
        return STILL
    return ODD if other_pro(m, e.pro) else STILL  # damage, and its documents: no figure follows from them


@compiled
def by_terms(m: Record, more: Record, e: Record, row: Record) -> int:
    """What an event that is judged by the policy of its instant makes of its mission."""
    if e.kind == CANCELLED:
        return cancel(m, more, e, row.late_threshold_seconds * SECOND, row.no_show_needs_confirmation)
    if e.kind == RESCHEDULED:
        return reschedule(m, more, e, row.late_threshold_seconds * SECOND)
    if e.kind == NO_SHOW:
        return miss(m, more, e, row.no_show_needs_confirmation)
    return wait_in_vain(m, e, row.client_absent_wait_seconds * SECOND)
