"""Because of what a finding differs where events are told in the order they happened: what the record had otherwise.

Either something had happened before the finding and was recorded later, or the finding rests on what was recorded
before it and happened only later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import ENGINE_SOURCE, type_of
from ledger.instants import parse_us, to_us
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import read_at
from projections.replay.bearing import BOUND_RULES, UNCOUNTED_TOPICS, bears_on, city_of
from projections.replay.comparing import EVIDENCE
from projections.replay.consequences import named_event
from projections.replay.streams import Shared
from projections.statements import sql

Answer = dict[str, Any]
LATE, RECORDED_LATER, HAPPENED_LATER = "late", "recorded_later", "happened_later"
AT_MOST = 3
PROS_AT_ONCE = 1_000


class _Late(NamedTuple):
    """An event about a pro that had happened before something recorded earlier; `mission` and `city` are empty where it

    is of the pro's own stream.
    """

    position: int
    at: int
    mission: str
    city: str
    type: str


def add_late(
    connection: Connection, shared: Shared, findings: Sequence[Answer], lost: Collection[int], people: Links
) -> None:
    """Add to the `why` of each finding what was late; a finding of linked accounts, what was of any of them."""
    pros = sorted({account for each in findings for account in people.group(each["pro"])})
    late = _late_events(connection, shared, pros)
    told = {pro: [each for each in of_pro if each.position not in lost] for pro, of_pro in late.items()}
    concerned = [
        [each for account in people.group(finding["pro"]) for each in told.get(account, ())] for finding in findings
    ]
    rests_on = {
        position
        for finding, events in zip(findings, concerned, strict=True)
        for position in (finding["evidence"] if events else ())
    }
    evidence = {row.position: entry_of_row(row) for row in read_at(connection, sorted(rests_on))}
    chosen = [_of_finding(*each, evidence) for each in zip(findings, concerned, strict=True)]
    positions = sorted({position for each in chosen for position in each})
    entries = {row.position: entry_of_row(row) for row in read_at(connection, positions)}
    for finding, found in zip(findings, chosen, strict=True):
        finding["why"] += _happened_later(finding, evidence)
        recorded = [entries[position] for position in found] + _published_later(shared, finding)
        known = {each["position"] for each in finding["why"]}
        finding["why"] += [_why(each, LATE, RECORDED_LATER) for each in recorded if each.position not in known]


def place(finding: Answer) -> int:
    """Where the finding stands, or would stand: right behind its cause."""
    if finding["position"]:
        return int(finding["position"])
    return int(finding["cause"]["position"]) if finding["cause"] else 0


def _why(entry: Entry, role: str, because: str) -> Answer:
    return {**named_event(entry), "subject": entry.subject, "role": role, "because": because}


def _late_events(connection: Connection, shared: Shared, pros: Sequence[str]) -> Mapping[str, list[_Late]]:
    """The late events of each pro that has any, in order of position."""
    asked = {"until": shared.bounds.until, "uncounted": UNCOUNTED_TOPICS, "engine": ENGINE_SOURCE}
    late: dict[str, list[_Late]] = {}
    for first in range(0, len(pros), PROS_AT_ONCE):
        with translated():
            some = {**asked, "pros": pros[first : first + PROS_AT_ONCE]}
            rows = connection.execute(sql("recorded_later"), some).fetchall()
        for pro, position, occurred, mission, city, topic in rows:
            late.setdefault(pro, []).append(_Late(position, to_us(occurred), mission, city, type_of(topic)[0]))
    return late


def _of_finding(finding: Answer, late: Sequence[_Late], evidence: Mapping[int, Entry]) -> list[int]:
    """The positions of the first few that may have made the difference: those it rests on before others.

    Where there is none: its own cause, if that was late.
    """
    stands, at, rule = place(finding), parse_us(finding["time"]), finding["rule"]
    city = city_of(rule, finding["figures"].get("city"))
    rests_on = [evidence[position] for position in finding["evidence"] if position in evidence]
    missions = {each.subject for each in rests_on}
    adverse = {each.subject for each in rests_on if each.type != "mission.accepted"}
    bearing = [each for each in late if not each.mission or bears_on(each.type, rule, adverse=each.mission in adverse)]
    found = [
        (bool(each.mission) and each.mission not in missions, each.position)
        for each in bearing
        if each.position > stands and each.at <= at and city in (None, each.city or city)
    ]
    found = sorted(set(found))[:AT_MOST]
    if rule not in BOUND_RULES and any(not other for other, _ in found):
        found = [each for each in found if not each[0]]  # another mission changes no such finding
    if not found and not finding["position"] and not finding["why"]:
        found = [(False, each.position) for each in bearing if each.position == stands][:1]
    return sorted(position for _, position in found)


def _happened_later(finding: Answer, evidence: Mapping[int, Entry]) -> list[Answer]:
    """What a recorded finding rests on and what happened only after it."""
    known = {each["position"] for each in finding["why"]}
    at = parse_us(finding["time"])
    return [
        _why(evidence[position], EVIDENCE, HAPPENED_LATER)
        for position in finding["evidence"]
        if position in evidence and position not in known and evidence[position].at > at
    ]


def _published_later(shared: Shared, finding: Answer) -> list[Entry]:
    """The policies and the baselines of its city that were published before it and recorded after it."""
    stands, at, city = place(finding), parse_us(finding["time"]), finding["figures"].get("city")
    return [
        each
        for each in shared.published
        if each.position > stands
        and each.at <= at
        and (each.type == "policy.published" or (each.subject == city and finding["rule"] in BOUND_RULES))
    ]
