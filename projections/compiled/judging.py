"""Judging everybody: the moves by pro, and as many judges at work as there are cores.

Pros do not depend on one another, so each judge takes some of them; the findings are in the order of the pros whoever
found them. Some pros may be judged again, for the evidence of what was found about them.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.policies.parameters import WINDOW_ALL
from ledger.store.log import LAST
from projections.compiled import asking, desk, evidence, moving, pros, seats
from projections.compiled.pros import Moves
from projections.compiled.records import FINDING
from projections.compiled.terms import Terms

Numbers = npt.NDArray[Any]

JUDGES_AT_MOST = 8
_SPARE = 50_000  # findings that there is room for beside those of one pro


def by_acceptance(terms: Terms) -> bool:
    """Whether some policy asks which missions were accepted when."""
    rows = terms.rows
    return bool(((rows["cancellation_window_kind"] != WINDOW_ALL) | rows["cancellation_counts_due_only"]).any())


class Judging:
    """The moves of all pros. `access` has the level of each at an instant; whose order is unknown becomes odd."""

    def __init__(self, terms: Terms, moves: Moves, odd: Numbers, *, at: int) -> None:
        self.terms = terms
        self.moves = moves
        self.odd = odd
        self.at = at
        self.moves_of = np.diff(moves.starts)
        self.most = int(self.moves_of.max(initial=0))
        self.by_acceptance = by_acceptance(terms)
        self.access = np.zeros(len(odd), np.int8)

    def everybody(self) -> Numbers:
        """What is found about whoever has moves and is not odd."""
        wanted = np.flatnonzero((self.moves_of > 0) & (self.odd == 0)).astype(np.int32)
        judges = max(1, min(os.cpu_count() or 1, JUDGES_AT_MOST, len(wanted)))
        if judges == 1:
            return Judge(self).all_of(wanted)
        moves_before = np.cumsum(self.moves_of[wanted])
        cuts = np.searchsorted(moves_before, [moves_before[-1] * each // judges for each in range(1, judges)])
        with ThreadPoolExecutor(judges) as pool:
            parts = list(pool.map(lambda part: Judge(self).all_of(part), np.split(wanted, cuts)))
        return np.concatenate(parts)

    def again(self, wanted: Numbers, found: Numbers) -> tuple[Numbers, Numbers]:
        """(findings, positions of their evidence) of some pros; `found`: the pro of each finding of everybody."""
        judge = Judge(self, evidence=True)
        findings, positions, noted = [np.empty(0, FINDING)], [np.empty(0, np.int64)], 0
        for pro in wanted.tolist():
            of_pro, behind = judge.with_evidence(pro, int((found == pro).sum()))
            of_pro["evidence"] += noted
            noted += len(behind)
            findings.append(of_pro)
            positions.append(behind)
        return np.concatenate(findings), np.concatenate(positions)


class Judge:
    """One who judges pro after pro, with room for the missions of one at a time."""

    def __init__(self, judging: Judging, *, evidence: bool = False) -> None:
        self.judging = judging
        self.room = seats.room(judging.most, ordered=evidence or judging.by_acceptance)
        self.desk = desk.desk(judging.most)
        self.movements = np.zeros(1, moving.MOVEMENT)

    def all_of(self, wanted: Numbers) -> Numbers:
        """What is found about these pros, in their order."""
        findings = [np.empty(0, FINDING)]
        while len(wanted):
            found = evidence.room_for(asking.AT_MOST * self.judging.most + _SPARE, 0, since=LAST)
            wanted = wanted[self._judge(wanted, found) :]
            findings.append(found.findings[: found.counts[0]].copy())
        return np.concatenate(findings)

    def with_evidence(self, pro: int, findings: int) -> tuple[Numbers, Numbers]:
        """(findings, positions of their evidence) of a pro about whom so much is found."""
        moves = int(self.judging.moves_of[pro])
        # A finding names a mission three times at most: accepted, cancelled or missed, confirmed.
        found = evidence.room_for(asking.AT_MOST * moves, 3 * (moves + 1) * (findings + 1), since=0)
        self._judge(np.array([pro], np.int32), found)
        return found.findings[: found.counts[0]].copy(), found.evidence[: found.counts[1]].copy()

    def _judge(self, wanted: Numbers, found: evidence.Found) -> int:
        judging = self.judging
        return pros.judge_pros(
            wanted,
            judging.moves,
            self.room,
            self.desk,
            judging.terms,
            judging.at,
            judging.access,
            judging.odd,
            self.movements,
            found,
        )
