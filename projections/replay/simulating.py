"""`policy simulate`: what a policy would have done to whom, before anyone is hurt by it.

Both sides are derived from the facts as now known, so that only the policy makes the difference: one under the versions
as published, one under the simulated version.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ledger.events.catalogue import PROPOSED, SUSPENDED, WARNED
from ledger.instants import to_text
from ledger.policies.policy import Policy
from ledger.pros.records import ACCESS_NAMES
from ledger.store.database import Connection
from projections.archive import PostgresArchive
from projections.replay import speeds
from projections.replay.assumptions import ALWAYS, Assumptions, Bounds
from projections.replay.comparing import add_up, changed_lines, differing, merge_sums, totals
from projections.replay.consequences import Consequences, Found, LeftOut
from projections.replay.deriving import derive
from projections.replay.extent import count_events, last_position
from projections.replay.replaying import Advance, Answer
from projections.replay.streams import accounts, batches, counted, everybody, read_material, read_shared
from projections.snapshot import snapshot


def simulate(
    connection: Connection,
    policy: Policy,
    *,
    since: int | None,
    now: int,
    progress: Advance,
    speed: str = speeds.AUTOMATIC,
) -> Answer:
    """The contract's `policy simulate --json`. `since`: in force from that instant on (None: at any time)."""
    started = time.perf_counter()
    effect = Effect()
    with snapshot(connection):
        bounds = Bounds(until=last_position(connection))
        against = PostgresArchive(connection, until=bounds.until).published(cities=()).latest.in_force(now)
        shared = read_shared(connection, bounds)
        voided = frozenset(shared.facts_voided)
        published = Assumptions(gone=voided)
        simulated = Assumptions(gone=voided, policy=policy, policy_from=ALWAYS if since is None else since)
        if speeds.compiles(speed, bounds.until):
            from projections.compiled.simulating import tell_twice  # noqa: PLC0415  it brings a compiler with it

            sides = published, simulated
            everyone = everybody(connection)
            rest = tell_twice(connection, shared, sides, everyone, effect, at=now, progress=progress)
            people = counted(connection, rest)
        else:
            people = accounts(connection, ())
        missions, done = sum(each + 1 for _, each in people), 0
        for pros, of_them in batches(people):
            material = read_material(connection, pros, shared)
            effect.add(derive(material, published, at=now), derive(material, simulated, at=now))
            done += of_them
            progress(done, missions)
        events = count_events(connection, bounds)
    return {
        "policy": policy.name,
        "against": against.name,
        "from": to_text(since) if since is not None else None,
        "position": bounds.until,
        **effect.answer(),
        "events": events,
        "seconds": round(time.perf_counter() - started, 3),
    }


class Effect:
    """What the simulated policy changes, so far."""

    def __init__(self) -> None:
        self.pros: list[Answer] = []
        self.warnings = [0, 0]
        self.left_out: dict[int, LeftOut] = {}
        self._sums: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
        self._changed: set[str] = set()
        self._changed_beside = 0

    def add_alike(
        self, warnings: int, sums: tuple[Mapping[str, Sequence[int]], Mapping[str, Sequence[int]]], changed: int
    ) -> None:
        """So many warnings are given on both sides; beside what `add` is told, lines sum up to this on each side, and

        so many of them change.
        """
        self.warnings = [each + warnings for each in self.warnings]
        self._changed_beside += changed
        for side, more in zip(self._sums, sums, strict=True):
            merge_sums(side, more)

    def add(self, before: Consequences, after: Consequences) -> None:
        """Compare a batch of pros."""
        for index, side in enumerate((before, after)):
            add_up(self._sums[index], side.lines.values())
        changed = changed_lines(before.lines, after.lines)
        self._changed.update(mission for mission, _, _ in changed)
        bills = Counter(line.pro for _, was, now in changed for line in [now or was] if line is not None)
        self.add_pros(before, after, bills)

    def add_pros(self, before: Consequences, after: Consequences, bills: Mapping[str, int]) -> None:
        """Compare what is found about a batch of pros; `bills`: how many lines of each change."""
        for index, side in enumerate((before, after)):
            self.warnings[index] += sum(each.type == WARNED for each in side.findings)
        refused_anyway = {each.entry.position for each in before.left_out}
        self.left_out.update(
            (each.entry.position, each) for each in after.left_out if each.entry.position not in refused_anyway
        )
        gone, new = differing(before.findings, after.findings)
        counts = [_counted(each) for each in (before.findings, after.findings, gone, new)]
        rules, others, left = _rules((*gone, *new)), _otherwise(gone, new), _left_to_people(gone, after.findings)
        for pro in before.access:
            answer = {
                "pro": pro,
                "access_before": ACCESS_NAMES[before.access[pro]],
                "access_after": ACCESS_NAMES[after.access[pro]],
                "change": _change(before.access[pro], after.access[pro]),
                "warnings_before": counts[0][pro, WARNED],
                "warnings_after": counts[1][pro, WARNED],
                "newly_warned": counts[3][pro, WARNED],
                "newly_proposed": counts[3][pro, PROPOSED],
                "warned_otherwise": others[pro, WARNED],
                "proposed_otherwise": others[pro, PROPOSED],
                "left_to_people": pro in left,
                "rules": sorted(rules.get(pro, ())),
                "lines_changed": bills.get(pro, 0),
            }
            if answer["rules"] or answer["lines_changed"] or answer["change"] != "same":
                self.pros.append(answer)

    def _only_otherwise(self, new: str, otherwise: str) -> int:
        """How many pros have something new, and all of it was found before at another time or on other figures."""
        return sum(0 < each[new] <= each[otherwise] for each in self.pros)

    def answer(self) -> Answer:
        """Counts, the pros affected, and how bills move."""
        self.pros.sort(key=lambda each: str(each["pro"]))
        worse = [each for each in self.pros if each["change"] == "worse"]
        return {
            "pros_warned": sum(each["newly_warned"] > 0 for each in self.pros),
            "pros_proposed": sum(each["newly_proposed"] > 0 for each in self.pros),
            "pros_warned_otherwise": self._only_otherwise("newly_warned", "warned_otherwise"),
            "pros_proposed_otherwise": self._only_otherwise("newly_proposed", "proposed_otherwise"),
            "pros_suspended": len(worse),
            "pros_suspended_by_access": dict(sorted(Counter(each["access_after"] for each in worse).items())),
            "pros_reinstated": sum(each["change"] == "better" for each in self.pros),
            "pros_reinstated_left_to_people": sum(
                each["change"] == "better" and each["left_to_people"] for each in self.pros
            ),
            "warnings_before": self.warnings[0],
            "warnings_after": self.warnings[1],
            "pros": self.pros,
            "billing": {
                "lines_changed": len(self._changed) + self._changed_beside,
                "totals_before": totals(self._sums[0]),
                "totals_after": totals(self._sums[1]),
                "totals_change": totals(_difference(*self._sums)),
            },
            "left_out": [self.left_out[position].document() for position in sorted(self.left_out)],
        }


def _otherwise(gone: Iterable[Found], new: Iterable[Found]) -> Counter[tuple[str, str]]:
    """(pro, type) → how many of what is new were found before, too, at another time or on other figures."""

    def nature(each: Found) -> tuple[str, ...]:
        return each.pro, each.type, each.rule, str(each.data.get("ladder") or each.data.get("kind") or "")

    both = Counter(map(nature, gone)) & Counter(map(nature, new))
    found: Counter[tuple[str, str]] = Counter()
    for (pro, event_type, *_), number in both.items():
        found[pro, event_type] += number
    return found


def _left_to_people(gone: Iterable[Found], findings: Iterable[Found]) -> set[str]:
    """The pros of whom a removal that the engine decided on is still proposed, and waits for a person."""

    def removal(each: Found) -> tuple[str, str, int, object]:
        return each.pro, each.rule, each.at, each.data.get("kind")

    proposed = {removal(each) for each in findings if each.type == PROPOSED}
    return {each.pro for each in gone if each.type == SUSPENDED and removal(each) in proposed}


def _counted(findings: Iterable[Found]) -> Counter[tuple[str, str]]:
    return Counter((each.pro, each.type) for each in findings)


def _rules(findings: Iterable[Found]) -> dict[str, set[str]]:
    """The rules that find more or less about each pro."""
    rules: dict[str, set[str]] = {}
    for each in findings:
        rules.setdefault(each.pro, set()).add(each.rule)
    return rules


def _change(was: int, would_be: int) -> str:
    return "worse" if would_be > was else "better" if would_be < was else "same"


def _difference(before: dict[str, list[int]], after: dict[str, list[int]]) -> dict[str, list[int]]:
    nothing = [0, 0, 0]
    return {
        currency: [
            now - was for was, now in zip(before.get(currency, nothing), after.get(currency, nothing), strict=True)
        ]
        for currency in before.keys() | after.keys()
    }
