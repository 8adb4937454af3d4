"""What is known of a pro beside its missions, as machine code: warnings, decisions, proposals, papers, absences."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER
from ledger.missions.mission import PRO_NO_SHOW
from ledger.pros.records import ACCESS_OF_KIND, ACTIVE, LASTING_LADDERS
from ledger.rulebook import RULES
from ledger.rules.figures import Ladder
from projections.columns import kinds
from projections.compiled import rules
from projections.compiled.compiling import compiled
from projections.compiled.records import NEVER_WARNED, NO_DEFECT, WARNED_TOO_LATE
from projections.compiled.seats import Room

Numbers = npt.NDArray[Any]
Record = Any

RULE_COUNT = len(RULES)
LADDER_OF = np.array(rules.LADDER_OF, np.int64)
LEVEL_OF = np.array([ACCESS_OF_KIND[rule.removal] for rule in RULES], np.int64)
LASTING = np.array([name in LASTING_LADDERS for name in rules.LADDERS], np.bool_)
OF_NO_SHOWS = rules.LADDER_OF[rules.NO_SHOWS]

WARNING = np.dtype([("ladder", "i8"), ("at", "i8"), ("until", "i8")], align=True)
DECISION = np.dtype([("rule", "i8"), ("until", "i8")], align=True)
PAPER = np.dtype([("at", "i8"), ("expired", "i8")], align=True)  # `expired`: the position of its expiry; 0: it has not
SPAN = np.dtype([("since", "i8"), ("until", "i8"), ("declared_at", "i8")], align=True)


class Desk(NamedTuple):
    """What is known of the pro being judged beside its missions; every pro uses it in turn."""

    warnings: Numbers  # WARNING
    decisions: Numbers  # DECISION
    proposed: Numbers  # rule → whether a proposal waits for a person
    papers: Numbers  # PAPER, by kind of document
    spans: Numbers  # SPAN in which the pro is unavailable
    counts: Numbers  # warnings, decisions, unavailabilities, seats, missions


WARNINGS, DECISIONS, SPANS, SEATS, MISSIONS = range(5)


def desk(size: int) -> Desk:
    """A desk for pros with so many moves."""
    size = max(1, size)
    return Desk(
        warnings=np.empty(size * RULE_COUNT, WARNING),
        decisions=np.empty(size * RULE_COUNT, DECISION),
        proposed=np.zeros(RULE_COUNT, np.bool_),
        papers=np.empty(len(kinds.DOCUMENTS), PAPER),
        spans=np.empty(size, SPAN),
        counts=np.zeros(5, np.int64),
    )


@compiled
def access_at(decisions: Numbers, count: int, at: int) -> int:
    """The level of access at an instant."""
    level = ACTIVE
    for each in range(count):
        if decisions[each].until == NEVER or at < decisions[each].until:
            level = max(level, LEVEL_OF[decisions[each].rule])
    return level


@compiled
def ladder_at(warnings: Numbers, count: int, ladder: int, at: int) -> Ladder:
    """Where the pro stands on a ladder at an instant."""
    unexpired, last_at = 0, NEVER
    for each in range(count):
        if warnings[each].ladder == ladder:
            unexpired += warnings[each].until == NEVER or at < warnings[each].until
            last_at = max(last_at, warnings[each].at)
    return Ladder(unexpired, last_at)


@compiled
def removed(d: Desk, rule: int, at: int) -> bool:
    """Whether the same removal waits for a person already, or is in force."""
    if d.proposed[rule]:
        return True
    for each in range(d.counts[DECISIONS]):
        if d.decisions[each].rule == rule and (d.decisions[each].until == NEVER or at < d.decisions[each].until):
            return True
    return False


@compiled
def expired(d: Desk) -> int:
    """How many kinds of documents have expired."""
    found = 0
    for each in range(len(d.papers)):
        found += d.papers[each].expired > 0
    return found


@compiled
def procedural_defect(r: Room, d: Desk, policy: Record) -> int:
    """Why an exclusion for no-shows did not come about as the charter says, where it did not."""
    excluding = policy.no_show_exclude_at
    missed = 0
    for each in range(d.counts[MISSIONS]):
        if r.entries[each].there and r.now[each].adverse == PRO_NO_SHOW:
            into_order(r.chosen, missed, min(r.now[each].due_at, r.now[each].adverse_at))
            missed += 1
    if policy.no_show_warn_at >= excluding or missed < excluding:
        return NO_DEFECT
    first, warned = 0, False
    for each in range(d.counts[WARNINGS]):
        if d.warnings[each].ladder == OF_NO_SHOWS:
            first = d.warnings[each].at if not warned else min(first, d.warnings[each].at)
            warned = True
    if not warned:
        return NEVER_WARNED
    return WARNED_TOO_LATE if first >= r.chosen[excluding - 1] else NO_DEFECT


@compiled
def into_order(numbers: Numbers, count: int, number: int) -> None:
    """Put a number among so many that are in order."""
    while count > 0 and numbers[count - 1] > number:
        numbers[count] = numbers[count - 1]
        count -= 1
    numbers[count] = number
