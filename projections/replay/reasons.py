"""Because of what a finding is on one side of a comparison only: which event made the difference.

Beside the facts that it rests on and that were not told: the policy or baseline that it was judged by, a link of its
accounts, another event of its missions, any event about the pro – and, in the order things happened, what had happened
before it and was recorded later. Everything is read for all findings at once, and nothing where nothing differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.book import pro_event
from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import ENGINE_SOURCE, OF_MISSIONS, topics_of
from ledger.instants import parse_us, to_us
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections.archive import LINKED
from projections.replay.consequences import named_event
from projections.replay.streams import Shared
from projections.statements import sql

Answer = dict[str, Any]
POLICY, BASELINE, LINK, OF_MISSION, OF_PRO, LATE = "policy", "baseline", "link", "mission", "pro", "late"
"""What an event is to a finding that does not rest on it (`EVIDENCE`)."""
RECORDED_LATER = "recorded_later"

PUBLISHED, BOUNDS = "policy.published", "city.baseline_published"
BOUND_RULES = frozenset({"cancellation.rate", "rating.minimum", "rating.approaching"})
"""Rules that read what a city's baseline says."""
UNCOUNTED = topics_of(
    f"mission.{name}"
    for name in ("requested", "refused", "expired", "delayed", "damage_declared", "damage_document_added")
)
"""What moves no figures by itself."""
AT_MOST = 3
PROS_AT_ONCE = 1_000


def explain(
    connection: Connection,
    shared: Shared,
    findings: Sequence[Answer],
    lost: Mapping[int, str],
    *,
    assumed_policy: bool,
    by_time: bool,
) -> None:
    """Add to the `why` of each finding. `lost`: the positions of facts that were not told, each with why."""
    if findings and lost:
        entries = map(entry_of_row, read_at(connection, list(lost)))
        gone = {each.position: each for each in entries if shared.bounds.hold(each)}
        reasons = _Gone(connection, shared, gone, lost, assumed_policy=assumed_policy)
        for each in findings:
            _add(each, reasons.of(each))
    if findings and by_time:
        _recorded_later(connection, shared, findings, lost)


def _add(finding: Answer, found: Iterable[Answer]) -> None:
    known = {each["position"] for each in finding["why"]}
    finding["why"] += [each for each in found if each["position"] not in known]


def _place(finding: Answer) -> int:
    """Where the finding stands, or would stand: right behind its cause."""
    if finding["position"]:
        return int(finding["position"])
    return int(finding["cause"]["position"]) if finding["cause"] else 0


def _why(entry: Entry, role: str, because: str) -> Answer:
    return {**named_event(entry), "subject": entry.subject, "role": role, "because": because}


class _Gone:
    """The facts that were not told, and what each may be to a finding."""

    def __init__(
        self,
        connection: Connection,
        shared: Shared,
        gone: Mapping[int, Entry],
        lost: Mapping[int, str],
        *,
        assumed_policy: bool,
    ) -> None:
        self._gone, self._lost, self._assumed_policy = gone, lost, assumed_policy
        self._published = [
            (each, shared.voids.get(each.position)) for each in shared.published if each.type in (PUBLISHED, BOUNDS)
        ]
        self._links = Links()
        for each in gone.values():
            if each.type == LINKED:
                self._links.add(pro_event(each))
        self._by_mission: dict[str, list[Entry]] = {}
        self._by_pro: dict[str, list[Entry]] = {}
        voided = {void: target for target, void in shared.voids.items() if void in gone}
        targets = {row.position: entry_of_row(row) for row in read_at(connection, list(voided.values()))}
        for each in gone.values():
            about = targets[voided[each.position]] if each.position in voided else each
            if about.type.startswith(OF_MISSIONS):
                self._by_mission.setdefault(about.subject, []).append(each)
            elif about.type.startswith("pro.") and each.type != LINKED:
                self._by_pro.setdefault(about.subject, []).append(each)
        missions = list(self._by_mission)
        self._mission_at = {
            row.position: row.stream.partition("/")[2]
            for row in read(connection, streams=[f"mission/{each}" for each in missions])  # few events are not told
        }
        self._missions_of: dict[str, set[str]] = {}
        with translated():
            rows = connection.execute(sql("participants"), {"missions": missions}).fetchall()
        named = ((each.subject, each.data["pro"]) for each in gone.values() if "pro" in each.data)
        for mission, pro in (*rows, *named):
            self._missions_of.setdefault(pro, set()).add(mission)

    def of(self, finding: Answer) -> list[Answer]:
        """What of it made the difference for a finding; where nothing is nearer, whatever is about the pro."""
        found = [*self._terms(finding), *self._link(finding), *self._of_missions(finding)]
        if not found and not finding["why"]:
            found = self._about_the_pro(finding)
        return sorted(found, key=lambda each: int(each["position"]))

    def _known(self, entries: Iterable[Entry], role: str, finding: Answer) -> list[Answer]:
        place = _place(finding)
        at = parse_us(finding["time"])
        return [
            _why(each, role, self._lost[each.position]) for each in entries if each.position < place or each.at <= at
        ]

    def _terms(self, finding: Answer) -> list[Answer]:
        """The policy and the baseline that it was, or would have been, judged by when it was recorded."""
        place, at = _place(finding), parse_us(finding["time"])
        city = finding["figures"].get("city")
        known = [each for each, void in self._published if each.position < place and (void is None or void > place)]
        found: list[tuple[Entry, str]] = []
        policies = [
            (parse_us(each.data["effective_from"]), each.position, each) for each in known if each.type == PUBLISHED
        ]
        policies = [each for each in policies if each[0] <= at]
        if policies and not self._assumed_policy:
            found.append((max(policies, key=lambda each: each[:2])[2], POLICY))
        baselines = [each for each in known if each.type == BOUNDS and each.subject == city]
        if baselines and finding["rule"] in BOUND_RULES:
            found.append((baselines[-1], BASELINE))
        return [_why(each, role, self._lost[each.position]) for each, role in found if each.position in self._gone]

    def _link(self, finding: Answer) -> list[Answer]:
        links = [each for each in self._gone.values() if each.type == LINKED]
        return self._known([each for each in links if finding["pro"] in self._links.group(each.subject)], LINK, finding)

    def _of_missions(self, finding: Answer) -> list[Answer]:
        """Other events of the missions that it rests on: the acceptance under a no-show."""
        rests_on = {*finding["evidence"], *([finding["cause"]["position"]] if finding["cause"] else [])}
        missions = {self._mission_at[each] for each in rests_on if each in self._mission_at}
        return self._known(self._among(missions), OF_MISSION, finding)

    def _about_the_pro(self, finding: Answer) -> list[Answer]:
        pro = finding["pro"]
        entries = [*self._by_pro.get(pro, ()), *self._among(self._missions_of.get(pro, ()))]
        return self._known(entries, OF_PRO, finding)[:AT_MOST]

    def _among(self, missions: Collection[str]) -> list[Entry]:
        return [each for mission in sorted(missions) for each in self._by_mission.get(mission, ())]


class _Late(NamedTuple):
    """An event about a pro that had happened before something recorded earlier; `mission` and `city` are empty where it

    is of the pro's own stream.
    """

    position: int
    at: int
    mission: str
    city: str


def _recorded_later(connection: Connection, shared: Shared, findings: Sequence[Answer], lost: Collection[int]) -> None:
    """What had happened before a finding and was recorded after it: told in time, it makes another history."""
    late = _late_events(connection, shared, sorted({each["pro"] for each in findings}))
    rests_on = {position for each in findings if each["pro"] in late for position in each["evidence"]}
    mission_at = {row.position: row.stream.partition("/")[2] for row in read_at(connection, list(rests_on))}
    told = {pro: [each for each in of_pro if each.position not in lost] for pro, of_pro in late.items()}
    chosen = [_of_finding(each, told.get(each["pro"], ()), mission_at) for each in findings]
    positions = sorted({position for each in chosen for position in each})
    entries = {row.position: entry_of_row(row) for row in read_at(connection, positions)}
    for each, found in zip(findings, chosen, strict=True):
        recorded = [entries[position] for position in found] + _published_later(shared, each)
        _add(each, [_why(entry, LATE, RECORDED_LATER) for entry in recorded])


def _late_events(connection: Connection, shared: Shared, pros: Sequence[str]) -> Mapping[str, list[_Late]]:
    """The late events of each pro that has any, in order of position."""
    asked = {"until": shared.bounds.until, "uncounted": UNCOUNTED, "engine": ENGINE_SOURCE}
    late: dict[str, list[_Late]] = {}
    for first in range(0, len(pros), PROS_AT_ONCE):
        with translated():
            some = {**asked, "pros": pros[first : first + PROS_AT_ONCE]}
            rows = connection.execute(sql("recorded_later"), some).fetchall()
        for pro, position, occurred, mission, city in rows:
            late.setdefault(pro, []).append(_Late(position, to_us(occurred), mission, city))
    return late


def _of_finding(finding: Answer, late: Sequence[_Late], mission_at: Mapping[int, str]) -> list[int]:
    """The positions of the first few that may have made the difference: those it rests on before others."""
    place, at = _place(finding), parse_us(finding["time"])
    city = finding["figures"].get("city") if finding["rule"] in BOUND_RULES else None
    missions = {mission_at[position] for position in finding["evidence"] if position in mission_at}
    found = [
        (bool(each.mission) and each.mission not in missions, each.position)
        for each in late
        if each.position > place and each.at <= at and city in (None, each.city or city)
    ]
    found = sorted(found)[:AT_MOST]
    if finding["rule"] not in BOUND_RULES and any(not other for other, _ in found):
        found = [each for each in found if not each[0]]  # another mission changes no such finding
    return sorted(position for _, position in found)


def _published_later(shared: Shared, finding: Answer) -> list[Entry]:
    """The policies and the baselines of its city that were published before it and recorded after it."""
    place, at, city = _place(finding), parse_us(finding["time"]), finding["figures"].get("city")
    return [
        each
        for each in shared.published
        if each.position > place
        and each.at <= at
        and (each.type == PUBLISHED or (each.subject == city and finding["rule"] in BOUND_RULES))
    ]
