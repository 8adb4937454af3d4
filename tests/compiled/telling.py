"""Both speeds on a history in memory: what plain Python derives, and what the compiled code does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from missions.kit import Document, Story
from replay.telling import LAST, NOW, PROS, read, shared

from ledger.entries import Entry
from ledger.instants import parse_us
from projections.columns.layout import Event, event_of
from projections.columns.reading import Extent, Stretches, made
from projections.compiled.deriving import Telling, Told
from projections.compiled.findings import Showing
from projections.compiled.lines import Lines
from projections.replay.assumptions import Assumptions, Bounds
from projections.replay.consequences import Consequences, lines_by_mission
from projections.replay.deriving import derive


class _Firsts:
    """Where missions begin, of a history in memory."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._known: dict[str, int] = {}
        for each in entries:
            if each.type.startswith("mission."):
                self._known.setdefault(each.subject, each.position)

    def __call__(self, mission: str) -> int:
        return self._known[mission]

    def prepare(self, events: Iterable[Event]) -> None:
        """They are all known."""

    def learn(self, missions: Mapping[str, int]) -> None:
        """They are all known."""


class InMemory:
    """A source of columns made of a story's entries, in stretches of a few."""

    def __init__(self, entries: list[Entry], until: int) -> None:
        self.entries = [each for each in entries if each.position <= until]
        self.until = len(self.entries)

    def extent(self) -> Extent:
        """How much there is."""
        instants = [each.at for each in self.entries] or [0]
        return Extent(len(self.entries), min(instants), max(instants))

    def stretches(self) -> Stretches:
        """All of it."""
        for start in range(0, len(self.entries), 7):
            events = map(event_of, self.entries[start : start + 7])
            yield from made(events, start + 1, _Firsts(self.entries))  # type: ignore[arg-type]


def both(
    story: Story, *, without: Iterable[Document] = (), until: int = LAST, as_of: str | None = None, **assumed: Any
) -> tuple[Consequences, Consequences, set[str]]:
    """(what plain Python derives, what the compiled code does, the pros it does not judge); findings by pro."""
    bounds = Bounds(until=min(until, len(story.entries)), as_of=parse_us(as_of) if as_of else None)
    known = shared(story.entries, bounds)
    ids = {each["id"] for each in without}
    gone = frozenset({each.position for each in story.entries if each.id in ids} | known.facts_voided.keys())
    assumptions = Assumptions(gone=gone, **assumed)
    plain = derive(read(story, until=bounds.until, as_of=as_of and parse_us(as_of)), assumptions, at=NOW)
    source = InMemory(story.entries, bounds.until)
    told = Telling(
        source, known, assumptions, lambda positions: {each: story.entries[each - 1] for each in positions}, at=NOW
    ).whole(lambda done, of: None)
    odd = _linked_or_odd(told, story)
    return plain, _consequences(told, story, odd), odd


def _linked_or_odd(told: Told, story: Story) -> set[str]:
    number = told.names["pro"].number
    voided = {each.subject for each in story.entries if each.type == "ledger.event_voided"}
    of_findings = {each.subject for each in story.entries if each.by_engine and each.id in voided}
    odd = {each for each in PROS if each in of_findings or (each in number and told.odd[number[each]])}
    return {*PROS} if any(each.type == "pro.accounts_linked" for each in story.entries) else odd


def _consequences(told: Told, story: Story, odd: set[str]) -> Consequences:
    number = told.names["pro"].number
    judged = [each for each in PROS if each in number and each not in odd]
    for each in odd & number.keys():
        told.odd[number[each]] = 1
    lines = Lines(told)
    every = lines.lines(range(len(told.ids)))
    findings = Showing(told).all_of(
        [number[each] for each in judged], lambda positions: {each: story.entries[each - 1] for each in positions}
    )
    return Consequences(
        findings=findings,
        access={each: int(told.access[number[each]]) for each in judged},
        lines=lines_by_mission(each for each in every if each is not None),
    )


def comparable(follows: Consequences, odd: set[str]) -> tuple[object, ...]:
    """What both speeds must agree on, of the pros that are not odd."""
    findings = [
        (each.pro, each.key, each.data.get("policy"), each.evidence, each.cause.position if each.cause else 0)
        for each in follows.findings
        if each.pro not in odd
    ]
    access = {pro: level for pro, level in follows.access.items() if pro not in odd and level}
    lines = {name: line for name, line in sorted(follows.lines.items()) if line.pro not in odd}
    return sorted(findings, key=lambda each: each[0]), access, lines
