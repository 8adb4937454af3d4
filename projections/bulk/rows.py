"""The rows of flat missions in the projections: what each contributes to its pro, and its billing line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.instants import month_text
from ledger.missions.facts import (
    ACCEPTED,
    CLIENT_ABSENT,
    COMPLETED,
    DURATION_MODIFIED,
    RESCHEDULED,
    TYPE_OF_KIND,
)
from ledger.money import ratio_text
from projections import billing
from projections.billing import BILLING_LINE, BILLING_PENDING
from projections.bulk.courses import Courses
from projections.bulk.known_terms import KnownTerms
from projections.bulk.snapshot import Snapshot
from projections.compiled.contributing import CONTRIBUTED
from projections.compiled.placing import LEFT
from projections.compiled.records import LINE_KINDS, NO_LINE
from projections.standing import PARTICIPATION, RATED
from projections.statements import Writes
from projections.touched import ignore

Numbers = npt.NDArray[Any]
Rows = list[tuple[Any, ...]]

TOUCHING = (ACCEPTED, RESCHEDULED, CLIENT_ABSENT, COMPLETED, DURATION_MODIFIED)
"""Kinds of events that may change a flat mission's line."""
assert {
    kind for kind, name in enumerate(TYPE_OF_KIND) if billing.HANDLERS[name] is billing.HANDLERS["mission.accepted"]
} <= {*TOUCHING, *LEFT}
assert all(billing.HANDLERS[TYPE_OF_KIND[kind]] is not ignore for kind in TOUCHING)


_RATED = ("ended_at", "stars", "rated_position")
_OTHERS = (
    "accepted_at",
    "accepted_position",
    "adverse",
    "adverse_at",
    "adverse_position",
    "confirmed_position",
    "late",
    "due_at",
    "of_series",
    "requested_at",
    "asked_start",
    "asked_end",
    "by_cancellation",
)
"""The fields of CONTRIBUTED that say what was rated, and all others but the pro."""


def save_participations(writes: Writes, courses: Courses, numbers: Numbers) -> None:
    """Write what changed of what missions contribute since it was last written."""
    now, then = Snapshot(courses.book, numbers).contributions, _written(courses, numbers)
    there, was = now["pro"] >= 0, then["pro"] >= 0
    others = there & was & _differ(now, then, _OTHERS)
    rated = there & was & ~others & _differ(now, then, _RATED)
    new, rerated, changed = (courses.contributing(numbers[each], now[each]) for each in (there & ~was, rated, others))
    writes.insert("participation", PARTICIPATION, new)
    writes.run_columns("rate_participation", RATED, [row[: len(RATED)] for row in rerated])
    writes.merge_columns("participation", PARTICIPATION, changed)


def _written(courses: Courses, numbers: Numbers) -> Numbers:
    """What missions contributed when their rows were written last."""
    found = np.empty(len(numbers), CONTRIBUTED)
    for snapshot in reversed(courses.written):
        there = np.isin(numbers, snapshot.numbers, assume_unique=True)
        found[there] = snapshot.contributions[np.searchsorted(snapshot.numbers, numbers[there])]
    return found


def _differ(one: Numbers, other: Numbers, names: Sequence[str]) -> Numbers:
    differ = np.zeros(len(one), np.bool_)
    for name in names:
        differ |= one[name] != other[name]
    return differ


def save_lines(writes: Writes, courses: Courses, terms: KnownTerms, numbers: Numbers) -> list[int]:
    """Write the lines of missions. Returns the numbers of those whose amounts only plain Python can hold."""
    if not len(numbers):
        return []
    biller = terms.biller()
    billed = biller.of(numbers)
    missions = courses.book.missions[numbers]
    there = billed["kind"] != NO_LINE
    lines = _lines(courses, terms, numbers[there], billed[there], missions[there])
    known = courses.billed[numbers[there]].tolist()
    new = [line for line, before in zip(lines, known, strict=True) if not before]
    changed = [line for line, before in zip(lines, known, strict=True) if before]
    courses.billed[numbers[there]] = True
    writes.insert("billing_line", BILLING_LINE, new)
    writes.merge_columns("billing_line", BILLING_LINE, changed)
    writes.insert("billing_pending", BILLING_PENDING, [line[:1] for line in new])
    writes.merge_columns("billing_pending", BILLING_PENDING, [line[:1] for line in changed])
    odd: list[int] = numbers[courses.book.missions["odd"][numbers] != 0].tolist()
    return odd


def _lines(courses: Courses, terms: KnownTerms, numbers: Numbers, billed: Numbers, missions: Numbers) -> Rows:
    names = {name: each.list() for name, each in courses.names.items()}
    policies = [each.name for each in terms.tables().policies]
    rates = [ratio_text(each) for each in (*terms.biller().rates, Fraction(0))]
    requests = [courses.asked[number] for number in numbers.tolist()]

    def named(name: str) -> list[str]:
        texts = names[name]
        return [texts[each] for each in missions[name].tolist()]

    return list(
        zip(
            [courses.ids[number] for number in numbers.tolist()],
            named("pro"),
            [request.client for request in requests if request is not None],
            named("city"),
            named("service"),
            [LINE_KINDS[kind] for kind in billed["kind"].tolist()],
            billed["minutes"].tolist(),
            billed["gross"].tolist(),
            billed["commission"].tolist(),
            billed["vat"].tolist(),
            named("currency"),
            [rates[each] for each in billed["rate"].tolist()],
            [policies[each] for each in billed["policy"].tolist()],
            billed["ended_at"].tolist(),
            billed["closes_at"].tolist(),
            [month_text(month) for month in billed["month"].tolist()],
            strict=True,
        )
    )
