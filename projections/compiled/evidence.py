"""Findings and the positions of the events behind them, written down by machine code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.missions.mission import PRO_NO_SHOW
from projections.compiled import rules, windows
from projections.compiled.compiling import compiled
from projections.compiled.desk import MISSIONS, Desk
from projections.compiled.records import FINDING
from projections.compiled.seats import Room

Numbers = npt.NDArray[Any]
Record = Any

NO_SHOWS, RATE, LATE, NEGATIVE, DOCUMENTS = rules.NO_SHOWS, rules.RATE, rules.LATE, rules.NEGATIVE, rules.DOCUMENTS


class Found(NamedTuple):
    """Where findings go. `counts`: how many, and how many positions of evidence, which are noted of the findings

    that an event from the position `since` on caused.
    """

    findings: Numbers
    evidence: Numbers
    counts: Numbers
    since: int


def room_for(findings: int, positions: int, *, since: int) -> Found:
    """Room for so many findings, and so many positions of their evidence."""
    return Found(np.empty(findings, FINDING), np.empty(positions, np.int64), np.zeros(2, np.int64), since)


@compiled
def note(f: Found, position: int) -> None:
    """One more position of evidence."""
    f.evidence[f.counts[1]] = position
    f.counts[1] += 1


@compiled
def note_adverse(f: Found, c: Record) -> None:
    """What cancelled or missed a mission, and its confirmation by a person."""
    note(f, c.adverse_position)
    if c.confirmed_position:
        note(f, c.confirmed_position)


@compiled
def note_evidence(rule: int, r: Room, d: Desk, seat: int, policy: Record, at: int, f: Found) -> None:
    """The positions of the events that made the figures, in any order."""
    if rule == NO_SHOWS:
        note_no_shows(r, d, f)
    elif rule == DOCUMENTS:
        note_documents(d, f)
    elif rule == RATE:
        note_rate(r, r.seats[seat], policy, at, f)
    elif rule == LATE:
        for each in range(windows.late(r, r.seats[seat], policy, at).late):
            note_adverse(f, r.now[r.chosen[each]])
    elif rule == NEGATIVE:
        for each in range(windows.negative(r.rated, r.chosen, r.seats[seat], policy).clients):
            note(f, r.rated[r.chosen[each]].position)
    else:
        end = r.seats[seat].start + r.seats[seat].rated
        for each in range(max(r.seats[seat].start, end - policy.rating_window), end):
            note(f, r.rated[each].position)


@compiled
def note_no_shows(r: Room, d: Desk, f: Found) -> None:
    """The no-shows that count, in any city."""
    for each in range(d.counts[MISSIONS]):
        if r.entries[each].there and r.now[each].adverse == PRO_NO_SHOW:
            note_adverse(f, r.now[each])


@compiled
def note_documents(d: Desk, f: Found) -> None:
    """The expiries that stand."""
    for each in range(len(d.papers)):
        if d.papers[each].expired > 0:
            note(f, d.papers[each].expired)


@compiled
def note_rate(r: Room, seat: Record, policy: Record, at: int, f: Found) -> None:
    """The acceptances that the rate is counted over, and what is above the line among them."""
    first, last, ahead = windows.span(r, seat, policy, at)
    begun = f.counts[1]
    for each in range(first, last):
        counts = True
        for other in range(ahead):
            counts = counts and r.ahead[other] != r.accepted[each].position
        if counts:
            note(f, r.accepted[each].position)
    counted = f.counts[1]
    chosen = 0
    for each in range(seat.start, seat.start + seat.adverse):
        position = r.now[r.adverse[each]].accepted_position
        for other in range(begun, counted):
            if f.evidence[other] == position:
                r.chosen[chosen] = r.adverse[each]
                chosen += 1
                break
    for each in range(windows.each_series_once(r, chosen)):
        note_adverse(f, r.now[r.chosen[each]])
