"""Which events a replay reads: the streams of some pros and of their missions, a batch of pros at a time.

A pro's findings and bills follow from its own stream, from its missions (also from what other pros did on them) and
from what was published; so pros are told one batch after the other, and only one batch is ever in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from ledger.entries import Entry, entry_of_row
from ledger.errors import Refused
from ledger.events.catalogue import ENGINE_SOURCE, topics_of
from ledger.store.database import Connection, translated
from ledger.store.log import StoredRow, read, read_at
from projections.archive import PostgresArchive, Void
from projections.replay.assumptions import Bounds
from projections.statements import sql

MISSIONS_AT_ONCE = 2_000

Accounts = tuple[str, ...]
"""The accounts of one person. Those that were ever linked are told together, as each shows the standing of the union;

whether a link counts is for the telling to find."""

Person = tuple[Accounts, int]
"""(the accounts of one person, how many missions concern them)."""


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What concerns every pro: what was published, and the voids, those of facts apart from those of findings."""

    bounds: Bounds
    published: list[Entry]
    voids: dict[int, int]  # position of a voided event → that of its void
    findings_voided: list[Entry]  # the voids of events that the engine wrote

    @property
    def facts_voided(self) -> dict[int, int]:
        """Voided facts → their voids."""
        of_findings = {each.position for each in self.findings_voided}
        return {target: void for target, void in self.voids.items() if void not in of_findings}


@dataclass(frozen=True, kw_only=True)
class Material:
    """The events of a batch of pros within the bounds, each at its position of the log.

    `facts` is everything that the engine did not write, in order of position, with what was published and the voids of
    the engine's events; `findings` what the engine wrote about these pros; `own` the pros' streams, both together.
    """

    pros: frozenset[str]
    facts: list[Entry]
    findings: list[Entry]
    own: list[Entry]


def read_shared(connection: Connection, bounds: Bounds) -> Shared:
    """Read what concerns every pro. A void says what is known: it counts whenever it was made, if it is recorded."""
    archive = PostgresArchive(connection, until=bounds.until)
    return _shared(archive, bounds, archive.publications(), archive.every_void())


def read_shared_of(connection: Connection, bounds: Bounds, people: Sequence[Person]) -> Shared:
    """Of that, what concerns some pros: nobody else's voids, and no baseline of a city they never worked in."""
    archive = PostgresArchive(connection, until=bounds.until)
    pros = [account for person, _ in people for account in person]
    with translated():
        asked = {"pros": pros, "requested": topics_of(["mission.requested"])}
        cities = connection.execute(sql("cities_of_pros"), asked).fetchall()
    published = archive.publications([city for (city,) in cities])
    missions = _missions(connection, pros)
    streams = [*_streams(pros, missions), *(f"billing/{each}" for each in missions)]
    voids = archive.voids(streams=streams, positions=[row.position for row in published])
    return _shared(archive, bounds, published, voids)


def _shared(archive: PostgresArchive, bounds: Bounds, published: Sequence[StoredRow], voids: Sequence[Void]) -> Shared:
    entries = [entry_of_row(row) for row in published]
    of_findings = [each.position for each in voids if each.source == ENGINE_SOURCE]
    return Shared(
        bounds=bounds,
        published=[each for each in entries if bounds.hold(each)],
        voids={each.target: each.position for each in voids},
        findings_voided=[entry_of_row(row) for row in read_at(archive.connection, of_findings)],
    )


def accounts(connection: Connection, pros: Sequence[str]) -> list[Person]:
    """(accounts of one person, how many missions concern them): of these pros, or of all when none is named.

    Refuses `unknown_pro`.
    """
    if not pros:
        return counted(connection, everybody(connection))
    archive = PostgresArchive(connection)
    found = counted(connection, [archive.ever_linked([each]) for each in dict.fromkeys(pros)])
    unknown = set(pros) - {account for person, _ in found for account in person}
    if unknown:
        pro = min(unknown)
        raise Refused("unknown_pro", f"no event mentions a pro {pro}; standing without a name lists every pro", pro=pro)
    return found


def everybody(connection: Connection) -> list[Accounts]:
    """The accounts of every person there is."""
    links = PostgresArchive(connection).links(voided=())
    with translated():
        rows = connection.execute(sql("every_pro")).fetchall()
    return list(dict.fromkeys(links.group(row[0]) for row in rows))


def counted(connection: Connection, people: Sequence[Accounts]) -> list[Person]:
    """Those of these persons whom an event mentions, with how many missions concern each; in order of name."""
    person_of = {account: person for person in people for account in person}
    with translated():
        rows = connection.execute(sql("pros_to_replay"), {"pros": list(person_of)}).fetchall()
    found: dict[Accounts, int] = {}
    for pro, missions in rows:
        found[person_of[pro]] = found.get(person_of[pro], 0) + missions
    return list(found.items())


def batches(people: Sequence[Person]) -> Iterator[Person]:
    """(pros, how much there is to tell) in batches of about `MISSIONS_AT_ONCE`; linked accounts are not parted."""
    batch: list[str] = []
    held = 0
    for pros, missions in people:
        if batch and held + missions > MISSIONS_AT_ONCE:
            yield tuple(batch), held
            batch, held = [], 0
        batch += pros
        held += missions + 1  # a pro without any is not free either
    if batch:
        yield tuple(batch), held


def read_material(connection: Connection, pros: Collection[str], shared: Shared) -> Material:
    """Read the events of a batch of pros."""
    missions = _missions(connection, pros)
    rows = read(connection, streams=_streams(pros, missions), until=shared.bounds.until)
    entries = map(entry_of_row, rows)
    adjusted = PostgresArchive(connection, until=shared.bounds.until).adjustments(missions)
    adjustments = (entry for of_mission in adjusted.values() for entry in of_mission)
    return material(pros, chain(entries, adjustments), shared)


def _missions(connection: Connection, pros: Collection[str]) -> list[str]:
    """The missions that concern some pros."""
    with translated():
        return [row[0] for row in connection.execute(sql("missions_of_pros"), {"pros": list(pros)}).fetchall()]


def _streams(pros: Collection[str], missions: Sequence[str]) -> list[str]:
    return [*(f"pro/{each}" for each in pros), *(f"mission/{each}" for each in missions)]


def material(pros: Collection[str], entries: Iterator[Entry], shared: Shared) -> Material:
    """Sort out the events of these streams."""
    facts, findings = [*shared.published], list[Entry]()
    own: list[Entry] = []
    for entry in entries:
        if not shared.bounds.hold(entry):
            continue
        if entry.type.startswith("pro."):
            own.append(entry)
        (findings if entry.by_engine else facts).append(entry)
    theirs = {each.id for each in findings}
    facts += [each for each in shared.findings_voided if each.subject in theirs and shared.bounds.hold(each)]
    facts.sort(key=lambda each: each.position)
    return Material(pros=frozenset(pros), facts=facts, findings=findings, own=own)
