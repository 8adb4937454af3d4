"""`replay`: findings, access and bills derived again under what is assumed, and how they differ from the record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ledger.billing import Line
from ledger.chronicle import Chronicle
from ledger.entries import Entry, entry_of_row
from ledger.errors import Misused, Refused
from ledger.instants import to_text
from ledger.policies.policy import Policy
from ledger.policies.register import Register
from ledger.store.database import Connection, Database
from ledger.store.log import read_at
from projections.archive import POLICY
from projections.replay import speeds
from projections.replay.assumptions import Assumptions, Bounds
from projections.replay.comparing import LEFT_OUT, TAKEN_AWAY, VOIDED, Comparison, Lost
from projections.replay.consequences import Consequences, named_event
from projections.replay.deriving import derive
from projections.replay.extent import Known, count_events, last_position
from projections.replay.reasons import explain
from projections.replay.recorded import recorded, stored_lines
from projections.replay.streams import (
    Accounts,
    Material,
    Shared,
    accounts,
    batches,
    counted,
    everybody,
    read_material,
    read_shared,
    read_shared_of,
)
from projections.snapshot import snapshot

Advance = Callable[[int, int], None]
"""Called with how much is done, and how much there is: missions (once for each of their pros) and pros."""

Answer = dict[str, Any]
RECORDED, OCCURRED = "recorded", "occurred"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked, and of which pros (none: of all).

    `known`: as if nothing had been recorded since. `as_of`: as if nothing had happened since that instant. `order`:
    events are told as they were recorded, or as they occurred. `policy`: in force at any time instead of what was
    published; baselines still count. `without`: positions of events that never happened.
    """

    pros: tuple[str, ...] = ()
    known: Known | None = None
    as_of: int | None = None
    order: str = RECORDED
    policy: Policy | None = None
    without: tuple[int, ...] = ()
    speed: str = speeds.AUTOMATIC


def replay(connection: Connection, database: Database, question: Question, *, now: int, progress: Advance) -> Answer:
    """The contract's `replay --json`, with what was voided, taken away or left out. Reads one snapshot, writes nothing.

    `policy` is the assumed version (`policy_assumed`), else the one in force at the end; `published` are the versions
    that each fact was then judged by, in order of effect; where there is none, the default preset.

    Access is that at `as_of`, else when it was known, else now. Refuses `unknown_pro`. Misused (`derived_event`): an
    event of the engine cannot be taken away.
    """
    started = time.perf_counter()
    comparison = Comparison(now=now)
    with snapshot(connection):
        until = question.known.through if question.known else last_position(connection)
        bounds = Bounds(until=until, as_of=question.as_of)
        at = question.as_of if question.as_of is not None else question.known.at if question.known else now
        if question.pros:
            people = accounts(connection, question.pros)
            sides = _Sides(connection, read_shared_of(connection, bounds, people), question, at)
        else:
            sides = _Sides(connection, read_shared(connection, bounds), question, at)
            if speeds.compiles(question.speed, until):
                people = counted(connection, sides.told_at_once(comparison, database, progress))
            else:
                people = accounts(connection, ())
        sides.note_voids_taken_away(comparison)
        missions = sum(each + 1 for _, each in people)
        done = 0
        for pros, of_them in batches(people):
            comparison.add(*sides.of(pros))
            done += of_them
            progress(done, missions)
        explain(
            connection,
            sides.shared,
            [*comparison.missing, *comparison.extra],
            sides.lost,
            assumed_policy=question.policy is not None,
            by_time=question.order == OCCURRED,
        )
        published = sides.versions()
        events = len(sides.read) if question.pros else count_events(connection, bounds)
    return {
        "position": question.known.position if question.known else until,
        "policy": (question.policy or published.in_force(at)).name,
        "policy_assumed": question.policy is not None,
        "published": [each.policy.name for each in published],
        "order": question.order,
        "as_of": to_text(question.as_of) if question.as_of is not None else None,
        "known_at": to_text(question.known.at) if question.known else None,
        "pros": [pro for person, _ in people for pro in person] if question.pros else None,
        "findings": comparison.findings(),
        "pros_changed": sorted(comparison.access, key=lambda each: str(each["pro"])),
        "billing": comparison.billing(),
        "without": sides.without,
        "voided": [sides.seen_voided[position] for position in sorted(sides.seen_voided)],
        "left_out": [comparison.left_out[position].document() for position in sorted(comparison.left_out)],
        "decisions_unfounded": comparison.unfounded,
        "events": events,
        "seconds": round(time.perf_counter() - started, 3),
    }


class _Sides:
    """Both sides of the comparison, for one batch of pros after the other."""

    def __init__(self, connection: Connection, shared: Shared, question: Question, at: int) -> None:
        self.connection = connection
        self.shared = shared
        self.at = at
        self.without = _taken_away(connection, question.without)
        away = {each["position"] for each in self.without}
        # A void that never happened voids nothing.
        self.voided = {target: void for target, void in shared.facts_voided.items() if void not in away}
        self.away = away
        self.assumed = Assumptions(
            gone=frozenset(self.voided.keys() | away), by_time=question.order == OCCURRED, policy=question.policy
        )
        self.as_known = Assumptions(gone=frozenset(shared.facts_voided))
        self.cut = question.known is not None or question.as_of is not None
        self.counts = bool(question.pros)
        self.read: set[int] = set()  # positions read, where only some pros are asked for
        self.seen_voided: dict[int, Answer] = {}

    def of(self, pros: Sequence[str]) -> tuple[Consequences, Consequences, Lost]:
        """(recorded, derived, the facts that were not told)."""
        material = read_material(self.connection, pros, self.shared)
        if self.counts:
            self.read.update(each.position for each in (*material.facts, *material.findings))
        derived = derive(material, self.assumed, at=self.at)
        there = recorded(material, self.shared.voids, self._recorded_lines(material, derived), at=self.at)
        return there, derived, self._lost(material, derived)

    def told_at_once(self, comparison: Comparison, database: Database, progress: Advance) -> list[Accounts]:
        """Add everybody whom the compiled code can judge; returns who is left."""
        from projections.compiled.replaying import Comparing  # noqa: PLC0415  it brings a compiler with it

        comparing = Comparing(
            connection=self.connection,
            database=database,
            shared=self.shared,
            assumed=self.assumed,
            as_known=self.as_known,
            voided=frozenset(self.voided),
            away=frozenset(self.away),
            cut=self.cut,
            at=self.at,
        )
        rest, lost = comparing.add_to(comparison, everybody(self.connection), progress)
        for position, (fact, why) in lost.items():
            if why == VOIDED:
                self._see_voided(position, fact)
        return rest

    def versions(self) -> Register:
        """The policies that the facts are judged by, those taken away left out and those within the bounds alone."""
        chronicle = Chronicle()
        policies = [each for each in self.shared.published if each.type == POLICY]
        for position, fact in enumerate(self.assumed.told(policies), 1):
            entry = Entry(position, fact.type, fact.subject, fact.source, fact.id, fact.at)
            entry.doc = fact.doc
            with suppress(Refused):  # then it is not told either: a version that is there already
                chronicle.restore(entry)
        return chronicle.latest

    def note_voids_taken_away(self, comparison: Comparison) -> None:
        """Name the void that is taken away as what moves a bill that the voided event is about."""
        target_of = {void: target for target, void in self.shared.facts_voided.items() if void in self.away}
        rows = read_at(self.connection, sorted({*target_of, *target_of.values()}))
        at = {row.position: entry_of_row(row) for row in rows}
        for void, target in target_of.items():
            comparison.note(at[target].subject, at[void], TAKEN_AWAY)

    @property
    def lost(self) -> dict[int, str]:
        """The positions of what is not told within the bounds, and why."""
        return {**dict.fromkeys(self.voided, VOIDED), **dict.fromkeys(self.away, TAKEN_AWAY)}

    def _see_voided(self, position: int, fact: Entry) -> None:
        self.seen_voided[position] = {
            **named_event(fact),
            "subject": fact.subject,
            "void": self.voided[position],
        }

    def _recorded_lines(self, material: Material, derived: Consequences) -> Mapping[str, Line]:
        """The stored lines; where the bounds leave something out, those that the facts within them gave."""
        if not self.cut:
            return stored_lines(self.connection, material.pros)
        if self.assumed == self.as_known:
            return derived.lines
        return derive(material, self.as_known, at=self.at).lines

    def _lost(self, material: Material, derived: Consequences) -> Lost:
        lost = {each.entry.position: (each.entry, LEFT_OUT) for each in derived.left_out}
        for fact in material.facts:
            if fact.position in self.voided:
                lost[fact.position] = (fact, VOIDED)
                self._see_voided(fact.position, fact)
            elif fact.position in self.away:
                lost[fact.position] = (fact, TAKEN_AWAY)
        return lost


def _taken_away(connection: Connection, positions: Sequence[int]) -> list[Answer]:
    away = []
    for entry in map(entry_of_row, read_at(connection, sorted(set(positions)))):
        if entry.by_engine:
            cause = entry.doc.get("causationid")
            raise Misused(
                "derived_event",
                f"{entry.id} (#{entry.position}) was written by the engine, which derives it anew; "
                f"take away the event that caused it: {cause}",
            )
        away.append({**named_event(entry), "subject": entry.subject})
    return away
