"""What the flat events of a batch touched: as `catalogue.touch` says it of events that come one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.missions.facts import REQUESTED
from projections.bulk import rows
from projections.bulk.batch import Batch
from projections.touched import Touched

Numbers = npt.NDArray[Any]


def touch(touched: Touched, batch: Batch) -> None:
    """Add it to what the batch's other events touched, and let pros know that they were heard of.

    The missions that are still flat are left out: their rows are written from their records.
    """
    for fact, cause in batch.touched.reconsidered.items():
        touched.reconsidered[fact] = max(cause, touched.reconsidered.get(fact, 0))
    touched.reviewed.update(batch.touched.reviewed)
    flat = batch.flat
    numbers, positions = batch.placement.events["mission"][flat], batch.positions.of(flat)
    accepted = batch.courses.book.missions["accepted_position"][numbers]
    concerning = (accepted > 0) & (positions >= accepted)  # somebody, who accepted the mission then or before
    if concerning.any():
        _touch_pros(touched, batch, flat[concerning], positions[concerning])
    ids, taken = batch.courses.ids, ~batch.courses.here[numbers]
    kinds = batch.placement.kind[flat]
    for at in np.flatnonzero(taken).tolist():
        mission, kind, position = ids[numbers[at]], int(kinds[at]), int(positions[at])
        if concerning[at] or kind != REQUESTED:
            touched.missions[mission] = None
        if kind in rows.TOUCHING:
            touched.lines[mission] = max(position, touched.lines.get(mission, 0))


def _touch_pros(touched: Touched, batch: Batch, places: Numbers, positions: Numbers) -> None:
    courses, events = batch.courses, batch.placement.events
    missions = courses.book.missions[events["mission"][places]]
    names, of_cities = courses.pros, courses.names["city"].list()
    which, inverse = np.unique(missions["pro"], return_inverse=True)
    latest, last = np.zeros(len(which), np.int64), np.zeros(len(which), np.int64)
    np.maximum.at(latest, inverse, events["at"][places])
    np.maximum.at(last, inverse, positions)
    flat = batch.courses.people.flat
    for number, at, position in zip(which.tolist(), latest.tolist(), last.tolist(), strict=True):
        if flat[number]:
            continue
        pro = batch.book.pro(names[number])
        pro.heard(names[number], at)
        for account in pro.accounts:
            touched.pros[account] = max(position, touched.pros.get(account, 0))
    together = np.unique(missions["pro"].astype(np.int64) << 32 | missions["city"])
    for pair in together[~flat[together >> 32]].tolist():
        for account in batch.book.pro(names[pair >> 32]).accounts:
            touched.cities[account, of_cities[pair & 0xFFFFFFFF]] = None


def without_flat(touched: Touched, batch: Batch) -> None:
    """Leave out the flat pros: their rows are written from their figures, and nothing found about them is in doubt."""
    people, number = batch.courses.people, batch.courses.names["pro"].number
    for names in (touched.pros, touched.reviewed):
        for name in [each for each in names if each in number and people.flat[number[each]]]:
            del names[name]
