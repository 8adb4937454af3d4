"""A mission told again from its events, as far as its bill needs it: to show how it came about, or to replay it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ledger import adjusting
from ledger.billing import Line, Workings, line_of, workings
from ledger.chronicle import Chronicle
from ledger.entries import Entry
from ledger.missions.adjustments import adjustment
from ledger.missions.facts import Fact
from ledger.missions.history import MissionHistory
from ledger.policies.register import Register
from projections.archive import PostgresArchive


class Terms(NamedTuple):
    """What a bill is derived by: what was published, and the voids (position of the voided event → of its void)."""

    chronicle: Chronicle
    voids: Mapping[int, int]


class Billed(NamedTuple):
    """A mission with the events of its stream and the adjustments of its bill, by position.

    `voids`: position of a voided one → of its void. `register`: by which its line is worked out.
    """

    history: MissionHistory
    events: dict[int, Entry]
    voids: dict[int, int]
    chronicle: Chronicle
    register: Register

    def line(self) -> Line | None:
        """Its billing line, as the projection `billing` has it."""
        return line_of(self.history.mission, self.register)

    def workings(self) -> Workings | None:
        """How its amounts come about."""
        return workings(self.history.mission, self.register)


def read_terms(archive: PostgresArchive, first: Register | None = None) -> Terms:
    """What was published and voided up to the archive's position; `first`: in force before anything is published."""
    return Terms(archive.chronicle(first)[0], {each.target: each.position for each in archive.every_void()})


def told(archive: PostgresArchive, missions: Collection[str], terms: Terms) -> Iterator[tuple[str, Billed | None]]:
    """Each of these missions as its events up to the archive's position leave it; None where there are none."""
    streams = archive.missions(missions)
    adjusted = archive.adjustments(streams) if streams else {}
    for mission in missions:
        entries = streams.get(mission)
        yield mission, _told(mission, [*entries, *adjusted.get(mission, ())], terms) if entries else None


def _told(mission: str, entries: list[Entry], terms: Terms) -> Billed:
    voids = {each.position: terms.voids[each.position] for each in entries if each.position in terms.voids}
    history = MissionHistory(mission)
    history.restore(
        [Fact(each.type, each.at, each.position, each.data) for each in entries if each.type != "billing.adjusted"],
        voids,
        terms.chronicle.at,
        [adjustment(each.position, each.at, each.data) for each in entries if each.type == "billing.adjusted"],
    )
    return Billed(
        history,
        {each.position: each for each in entries},
        voids,
        terms.chronicle,
        adjusting.terms(history, terms.chronicle),
    )
