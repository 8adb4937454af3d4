"""Because of what a finding differs where events are told by when they happened: what the record had otherwise.

In the order they happened, something had happened before the finding and was recorded later. In that order, or as of an
instant, the record also knew what happened only later: the finding rests on it, or was judged by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import ENGINE_SOURCE, type_of
from ledger.instants import parse_us, to_us
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import read_at
from projections.archive import POLICY, PostgresArchive
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
    connection: Connection,
    shared: Shared,
    findings: Sequence[Answer],
    lost: Collection[int],
    people: Links,
    *,
    assumed_policy: bool,
    by_time: bool,
) -> dict[int, list[Answer]]:
    """Add to the `why` of each finding what was late; a finding of linked accounts, what was of any of them.

    Returns, by the id of each that then has no reason, what else may be: its own cause where that was late, as more was
    known when it was recorded than had happened by then; else what was late and led to another finding.
    """
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
    chosen = [_of_finding(*each, evidence, by_time=by_time) for each in zip(findings, concerned, strict=True)]
    positions = sorted({position for each in chosen for position in each})
    entries = {row.position: entry_of_row(row) for row in read_at(connection, positions)}
    published = [
        each for each in _publications(connection, shared, lost) if not (assumed_policy and each.type == POLICY)
    ]
    for finding, found in zip(findings, chosen, strict=True):
        told_until = parse_us(finding["time"]) if by_time else shared.bounds.as_of
        finding["why"] += _happened_later(finding, evidence, told_until)
        finding["why"] += _published_otherwise(finding, published, told_until, by_time=by_time)
        _add(finding, [_why(entries[position], LATE, RECORDED_LATER) for position in found])
    unexplained = [each for each in zip(findings, concerned, strict=True) if not each[0]["why"]]
    ruled_on = _ruled_on(connection, unexplained) if by_time else set()
    otherwise = {id(each): _itself(each, events) or _found_late(each, events, ruled_on) for each, events in unexplained}
    causes = {row.position: entry_of_row(row) for row in read_at(connection, sorted({*otherwise.values()}))}
    return {each: [_why(causes[at], LATE, RECORDED_LATER)] for each, at in otherwise.items() if at}


def _itself(finding: Answer, late: Sequence[_Late]) -> int:
    """The position of the cause of what is not recorded, if that was late; else 0."""
    stands = place(finding)
    return stands if not finding["position"] and any(each.position == stands for each in late) else 0


def _found_late(finding: Answer, late: Sequence[_Late], ruled_on: Collection[int]) -> int:
    """The position of the last event before it that was recorded later and that something was found because of; else 0.

    Found in time, that starts a cooldown, or removes.
    """
    stands, at = place(finding), parse_us(finding["time"])
    found = [each for each in late if each.position in ruled_on and each.position > stands and each.at <= at]
    return max(found, key=lambda each: each.at).position if found else 0


def _ruled_on(connection: Connection, findings: Sequence[tuple[Answer, Sequence[_Late]]]) -> set[int]:
    """The positions of the late events that the engine found something because of: its events stand right behind."""
    behind = {each.position + 1 for _, late in findings for each in late}
    return {row.position - 1 for row in read_at(connection, sorted(behind)) if entry_of_row(row).by_engine}


def _add(finding: Answer, found: Iterable[Answer]) -> None:
    known = {each["position"] for each in finding["why"]}
    finding["why"] += [each for each in found if each["position"] not in known]


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


def _bearing(finding: Answer, late: Sequence[_Late], evidence: Mapping[int, Entry]) -> Iterator[tuple[bool, _Late]]:
    """Those of the late events that may move the finding's figures, each with whether it is of another mission."""
    rule = finding["rule"]
    city = city_of(rule, finding["figures"].get("city"))
    rests_on = [evidence[position] for position in finding["evidence"] if position in evidence]
    missions = {each.subject for each in rests_on}
    adverse = {each.subject for each in rests_on if each.type != "mission.accepted"}
    for each in late:
        bears = not each.mission or bears_on(each.type, rule, adverse=each.mission in adverse)
        if bears and city in (None, each.city or city):
            yield bool(each.mission) and each.mission not in missions, each


def _of_finding(finding: Answer, late: Sequence[_Late], evidence: Mapping[int, Entry], *, by_time: bool) -> list[int]:
    """The positions of the first few that may have made the difference: those it rests on before others."""
    if not by_time:
        return []  # told as recorded, what was recorded later comes too late
    stands, at = place(finding), parse_us(finding["time"])
    bearing = _bearing(finding, late, evidence)
    found = sorted({(other, each.position) for other, each in bearing if each.position > stands and each.at <= at})
    found = found[:AT_MOST]
    if finding["rule"] not in BOUND_RULES and any(not other for other, _ in found):
        found = [each for each in found if not each[0]]  # another mission changes no such finding
    return sorted(position for _, position in found)


def _happened_later(finding: Answer, evidence: Mapping[int, Entry], until: int | None) -> list[Answer]:
    """What a recorded finding rests on and what happened only after what is told."""
    known = {each["position"] for each in finding["why"]}
    return [
        _why(evidence[position], EVIDENCE, HAPPENED_LATER)
        for position in finding["evidence"]
        if position in evidence and position not in known and until is not None and evidence[position].at > until
    ]


def _publications(connection: Connection, shared: Shared, lost: Collection[int]) -> list[Entry]:
    """What was published, also after the instant as of which is asked; not what is taken away or voided."""
    rows = PostgresArchive(connection, until=shared.bounds.until).publications()
    return [entry_of_row(row) for row in rows if row.position not in lost]


def _published_otherwise(
    finding: Answer, published: Sequence[Entry], until: int | None, *, by_time: bool
) -> Iterator[Answer]:
    """The policies and the baselines of its city that the record judged it without, or by too early."""
    stands, city = place(finding), finding["figures"].get("city")
    for each in published:
        if each.type != POLICY and (each.subject != city or finding["rule"] not in BOUND_RULES):
            continue
        if each.position < stands and until is not None and each.at > until:
            yield _why(each, LATE, HAPPENED_LATER)
        elif by_time and each.position > stands and each.at <= parse_us(finding["time"]):
            yield _why(each, LATE, RECORDED_LATER)
