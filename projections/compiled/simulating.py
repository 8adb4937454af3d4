"""`policy simulate` at the second speed: the log told twice, and a look at those whom the policy touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ledger.store.database import Connection
from projections.collecting import collected_seldom
from projections.columns.reading import Stored
from projections.compiled.deriving import Advance, Telling, Told
from projections.compiled.findings import Showing, of_pros, rows_by_pro
from projections.compiled.lines import Lines
from projections.compiled.people import entries_at, left_out, mark_odd
from projections.compiled.records import WARNED
from projections.replay.assumptions import Assumptions
from projections.replay.consequences import Consequences
from projections.replay.simulating import Effect
from projections.replay.streams import Accounts, Shared


@collected_seldom()
def tell_twice(
    connection: Connection,
    shared: Shared,
    sides: tuple[Assumptions, Assumptions],
    people: Sequence[Accounts],
    effect: Effect,
    *,
    at: int,
    progress: Advance,
) -> list[Accounts]:
    """Add everybody who can be judged here to the effect; returns whom plain Python must judge."""
    source = Stored(connection, shared.bounds.until)
    published, simulated = (Telling(source, shared, assumed, entries_at(connection), at=at) for assumed in sides)
    before, after = published.whole_beside(simulated, progress)
    rest = mark_odd(connection, shared, people, before, after)
    lines = Lines(before), Lines(after)
    changed = lines[0].differing_from(lines[1])
    bills = _by_pro(changed, lines)
    numbers = before.names["pro"].number
    found = [rows_by_pro(told.findings[told.odd[told.findings["pro"]] == 0]) for told in (before, after)]
    touched = {pro for pro in found[0].keys() | found[1].keys() if found[0].get(pro) != found[1].get(pro)}
    touched.update(np.flatnonzero((before.access != after.access) & (before.odd == 0)).tolist())
    touched.update(numbers[pro] for pro in bills)
    chosen = sorted(touched)
    untouched = before.findings[(before.odd[before.findings["pro"]] == 0)]
    untouched = untouched[~np.isin(untouched["pro"], np.array(chosen, np.int64))]
    effect.add_alike(int((untouched["type"] == WARNED).sum()), (lines[0].sums(), lines[1].sums()), len(changed))
    known, follows = (_consequences(connection, told, chosen) for told in (before, after))
    effect.add_pros(known, follows, bills)
    return rest


def _by_pro(changed: Sequence[int], lines: tuple[Lines, Lines]) -> Counter[str]:
    """How many lines of each pro change; a line belongs to whom it belongs to afterwards."""
    both = ((lines[0].pro(number), lines[1].pro(number)) for number in changed)
    return Counter(now or was for was, now in both)


def _consequences(connection: Connection, told: Told, pros: Sequence[int]) -> Consequences:
    """What a simulation counts of these pros."""
    names, showing = told.names["pro"].list(), Showing(told)
    return Consequences(
        findings=[showing.found(each) for each in of_pros(told.findings, pros)],
        access={names[pro]: int(told.access[pro]) for pro in pros},
        left_out=left_out(connection, told),
    )
