"""The rows of flat pros in the projection `standing`: their access, and their figures city by city."""

from __future__ import annotations

import numpy as np

from projections.bulk.batch import Batch
from projections.compiled.continuing import FIGURES, FIGURES_WRITTEN
from projections.standing import CITY_STANDING, HEARD, save_standings
from projections.statements import Writes


def save(writes: Writes, batch: Batch) -> None:
    """Write what changed of the pros that an event of the batch concerned and that are flat still."""
    courses, people, book = batch.courses, batch.courses.people, batch.book
    names, cities = courses.pros, courses.names["city"].list()
    figures = np.concatenate([np.empty(0, FIGURES), *reversed(batch.figures)])
    _, latest = np.unique(figures["pro"].astype(np.int64) << 32 | figures["city"], return_index=True)
    figures = figures[np.sort(latest)]
    figures = figures[people.flat[figures["pro"]]]
    changed = people.shown.changed(figures)
    columns = (changed[name].tolist() for name in FIGURES_WRITTEN)
    of = [names[each] for each in changed["pro"].tolist()], [cities[each] for each in changed["city"].tolist()]
    writes.merge_columns("city_standing", CITY_STANDING, list(zip(*of, *columns, strict=True)))
    heard = np.unique(np.concatenate([np.empty(0, np.int32), *batch.heard]))
    heard = heard[people.flat[heard]]
    missed = np.zeros(len(people.flat), np.int64)
    missed[figures["pro"]] = figures["missed"]
    found = [courses.names["pro"].number[each] for each in batch.found_about]
    other = (missed[heard] != people.missed[heard]) | np.isin(heard, found)
    people.missed[heard] = missed[heard]
    rows = zip([names[each] for each in heard[~other].tolist()], people.latest[heard[~other]].tolist(), strict=True)
    writes.run_columns("hear_pro_standing", HEARD, list(rows))
    anew = [(names[each], book.stream_of(names[each]), each) for each in heard[other].tolist()]
    for name, pro, number in anew:
        pro.heard(name, int(people.latest[number]))
    save_standings(writes, [(name, pro, int(missed[number])) for name, pro, number in anew])
