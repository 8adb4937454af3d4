"""Replaying a history in memory: the entries of a `Story` instead of a database, and consequences with ids in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from missions.kit import Document, Story

from ledger.billing import Line
from ledger.entries import Entry
from ledger.instants import parse_us
from projections.archive import PUBLISHED
from projections.replay.assumptions import Assumptions, Bounds
from projections.replay.consequences import Consequences, Found
from projections.replay.deriving import derive
from projections.replay.recorded import recorded
from projections.replay.streams import Material, Shared, material

PROS = ("p-1", "p-2", "p-3")
NOW = parse_us("2027-06-01T00:00:00Z")
LAST = 2**40


def shared(entries: list[Entry], bounds: Bounds) -> Shared:
    """What concerns every pro, as `read_shared` reads it."""
    known = [each for each in entries if each.position <= bounds.until]
    at = {(each.source, each.id): each for each in known}
    voids = [each for each in known if each.type == "ledger.event_voided"]
    targets = {each.position: at[each.data["source"], each.subject] for each in voids}
    return Shared(
        bounds=bounds,
        published=[each for each in known if each.type in PUBLISHED and bounds.hold(each)],
        voids={target.position: void for void, target in targets.items()},
        findings_voided=[each for each in voids if targets[each.position].by_engine],
    )


def read(story: Story, pros: Iterable[str] = PROS, *, until: int = LAST, as_of: int | None = None) -> Material:
    """Every mission and these pros' streams, as `read_material` reads them."""
    of_them = set(pros)
    streams = [
        each
        for each in story.entries
        if each.type.startswith("mission.") or (each.type.startswith("pro.") and each.subject in of_them)
    ]
    return material(of_them, iter(streams), shared(story.entries, Bounds(until=until, as_of=as_of)))


def replayed(
    story: Story,
    *,
    pros: Iterable[str] = PROS,
    without: Iterable[Document] = (),
    until: int = LAST,
    as_of: str | None = None,
    **assumed: Any,
) -> Consequences:
    """What follows from a story's facts under these assumptions; voided facts never happened."""
    bounds = Bounds(until=until, as_of=parse_us(as_of) if as_of else None)
    ids = {each["id"] for each in without}
    away = {each.position for each in story.entries if each.id in ids}
    gone = frozenset(away | shared(story.entries, bounds).facts_voided.keys())
    return derive(read(story, pros, until=bounds.until, as_of=bounds.as_of), Assumptions(gone=gone, **assumed), at=NOW)


def there(story: Story, *, pros: Iterable[str] = PROS, until: int = LAST) -> Consequences:
    """What is recorded of a story."""
    bounds = Bounds(until=until)
    return recorded(read(story, pros, until=until), shared(story.entries, bounds).voids, {}, at=NOW)


def told(findings: list[Found], story: Story) -> list[tuple[object, ...]]:
    """Findings with ids in place of positions, so that two tellings can be compared."""
    return [
        (
            each.key,
            each.data.get("policy"),
            sorted(story.entries[position - 1].id for position in each.evidence),
            each.cause.id if each.cause else "",
        )
        for each in findings
    ]


def bills(lines: dict[str, Line]) -> dict[str, Line]:
    """The lines in an order that can be compared."""
    return dict(sorted(lines.items()))


def lines_of(story: Story) -> dict[str, Line]:
    """The line of every mission of a story, by the policies known at its end."""
    missions = dict.fromkeys(each.subject for each in story.entries if each.type.startswith("mission."))
    lines = {mission: story.line(mission) for mission in missions}
    return {mission: line for mission, line in sorted(lines.items()) if line is not None}
