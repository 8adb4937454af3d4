"""Because of what a finding is on one side of a comparison only: which event made the difference.

Beside the facts that it rests on and that were not told: the policy or baseline that it was judged by, a link of its
accounts, another event of its missions, in the order things happened what was late, an event about the person – and
where there is none of these, what made an earlier difference, which a ladder or a suspension carries on. Everything is
read for all findings at once, and nothing where nothing differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from ledger.book import pro_event
from ledger.entries import Entry, entry_of_row
from ledger.events.catalogue import OF_MISSIONS, PROPOSED, SUSPENDED, WARNED, type_of
from ledger.instants import parse_us
from ledger.pros.links import Links
from ledger.store.database import Connection, translated
from ledger.store.log import read, read_at
from projections import archive
from projections.archive import LINKED, PostgresArchive
from projections.replay.bearing import BOUND_RULES, bears_on, city_of, ladder_of
from projections.replay.consequences import named_event
from projections.replay.lateness import AT_MOST, add_late, place
from projections.replay.streams import Shared
from projections.statements import sql

Answer = dict[str, Any]
POLICY, BASELINE, LINK, OF_MISSION, OF_PRO = "policy", "baseline", "link", "mission", "pro"
"""What an event is to a finding that does not rest on it (`EVIDENCE`), nor was late (`LATE`)."""

LADDER_FIGURES = frozenset({"last_warning_at", "unexpired_warnings"})


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
    at_other_times = by_time or shared.bounds.as_of is not None
    if not findings or not (lost or at_other_times):
        return
    people = PostgresArchive(connection, until=shared.bounds.until).links(voided=shared.voids.keys())
    entries = map(entry_of_row, read_at(connection, list(lost)))
    gone = {each.position: each for each in entries if shared.bounds.hold(each)}
    reasons = _Gone(connection, shared, gone, lost, people, assumed_policy=assumed_policy, by_time=by_time)
    proposals = {_removal(each): each for each in findings if each["type"] == PROPOSED}
    carried = _differ_in_the_ladder(findings) | {
        id(each) for each in findings if each["type"] == SUSPENDED and _removal(each) in proposals
    }
    others = [each for each in findings if id(each) not in carried]
    for each in others:
        _add(each, reasons.of(each))
    told_at = _instant if by_time else _cause
    late: dict[int, list[Answer]] = {}
    if at_other_times:
        late = add_late(connection, shared, others, lost, people, assumed_policy=assumed_policy, by_time=by_time)
    if not assumed_policy:  # which else makes the difference by itself
        for each in others:
            if not each["why"]:
                each["why"] += reasons.about_the_person(each)
        _as_proposed(findings, proposals)
        _carry_on([each for each in findings if id(each) in late], findings, people, told_at, _would_have_kept_it_away)
    for each in others:
        if not each["why"]:
            each["why"] += late.get(id(each), [])
    if not assumed_policy:
        _carry_on(findings, findings, people, told_at, _is_followed_by)
    _as_proposed(findings, proposals)


def _as_proposed(findings: Sequence[Answer], proposals: Mapping[tuple[Any, ...], Answer]) -> None:
    """Of each decision of the engine without a reason: that of its proposal."""
    for each in findings:
        if not each["why"] and each["type"] == SUSPENDED and _removal(each) in proposals:
            each["why"] += [{**why, "role": OF_PRO} for why in proposals[_removal(each)]["why"]]


def _instant(finding: Answer) -> int:
    return parse_us(finding["time"])


def _cause(finding: Answer) -> int:
    return int(finding["cause"]["position"]) if finding["cause"] else place(finding)


def _removal(finding: Answer) -> tuple[Any, ...]:
    """What a proposal and the engine's decision on it have in common, on one side."""
    return tuple(finding.get(name) for name in ("pro", "rule", "time", "kind")), bool(finding["position"])


def _differ_in_the_ladder(findings: Sequence[Answer]) -> set[int]:
    """The ids of those found on both sides with the same figures, but for the warnings before them."""
    sides: dict[tuple[Any, ...], list[Answer]] = {}
    for each in findings:
        figures = {name: value for name, value in each["figures"].items() if name not in LADDER_FIGURES}
        same = (each["type"], each["pro"], each["rule"], each["time"], each.get("kind"), str(sorted(figures.items())))
        if figures != each["figures"]:
            sides.setdefault(same, []).append(each)
    return {id(each) for pair in sides.values() if len(pair) > 1 for each in pair}


def _add(finding: Answer, found: Iterable[Answer]) -> None:
    known = {each["position"] for each in finding["why"]}
    finding["why"] += [each for each in found if each["position"] not in known]


def _carry_on(
    unexplained: Sequence[Answer],
    findings: Sequence[Answer],
    people: Links,
    told_at: Callable[[Answer], int],
    leads_to: Callable[[Answer, Answer], bool],
) -> None:
    """Of each finding without a reason: that of the person's latest difference that leads to it, before or as it is.

    `told_at` gives the order in which they were found.
    """
    chosen = {id(each) for each in unexplained}
    before: dict[tuple[str, ...], list[Answer]] = {}
    for each in sorted(findings, key=lambda each: (told_at(each), not each["why"])):
        of_person = before.setdefault(people.group(each["pro"]), [])
        if not each["why"] and id(each) in chosen:
            earlier = next((difference for difference in reversed(of_person) if leads_to(difference, each)), None)
            each["why"] += [{**why, "role": OF_PRO} for why in earlier["why"]] if earlier else []
        if each["why"]:
            of_person.append(each)


def _would_have_kept_it_away(earlier: Answer, finding: Answer) -> bool:
    """A recorded removal that does not follow: of whoever is removed nothing more is found."""
    return bool(earlier["position"]) and earlier["type"] == SUSPENDED and not finding["position"]


def _is_followed_by(earlier: Answer, finding: Answer) -> bool:
    """A warning is counted and starts a cooldown on its own ladder; a removal keeps others from coming."""
    return ladder_of(earlier["rule"]) == ladder_of(finding["rule"]) or earlier["type"] != WARNED


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
        people: Links,
        *,
        assumed_policy: bool,
        by_time: bool,
    ) -> None:
        self._gone, self._lost, self._people = gone, lost, people
        self._assumed_policy, self._by_time = assumed_policy, by_time
        self._published = [
            (each, shared.voids.get(each.position)) for each in shared.published if each.type in archive.PUBLISHED
        ]
        self._links = Links()
        for each in gone.values():
            if each.type == LINKED:
                self._links.add(pro_event(each))
        self._by_mission: dict[str, list[tuple[Entry, str]]] = {}  # with the type of what it is, or what it voids
        self._by_pro: dict[str, list[Entry]] = {}
        voided = {void: target for target, void in shared.voids.items() if void in gone}
        targets = {row.position: entry_of_row(row) for row in read_at(connection, list(voided.values()))}
        for each in gone.values():
            about = targets[voided[each.position]] if each.position in voided else each
            if about.type.startswith(OF_MISSIONS):
                self._by_mission.setdefault(about.subject, []).append((each, about.type))
            elif about.type.startswith("pro.") and each.type != LINKED:
                self._by_pro.setdefault(about.subject, []).append(each)
        missions = list(self._by_mission)
        rows_of_missions = read(connection, streams=[f"mission/{each}" for each in missions])  # few are not told
        self._event_at = {row.position: (row.stream.partition("/")[2], row.type) for row in rows_of_missions}
        self._missions_of: dict[str, dict[str, str]] = {}  # pro → its missions, each with its city
        with translated():
            rows = connection.execute(sql("participants"), {"missions": missions}).fetchall()
        cities = {mission: city for mission, _, city in rows}
        named = ((each.subject, each.data["pro"]) for each in gone.values() if "pro" in each.data)
        for mission, pro in (*(row[:2] for row in rows), *named):
            self._missions_of.setdefault(pro, {})[mission] = cities.get(mission, "")

    def of(self, finding: Answer) -> list[Answer]:
        """What of it made the difference for a finding, as it stands near it."""
        found = [*self._terms(finding), *self._link(finding), *self._of_missions(finding)]
        return sorted(found, key=lambda each: int(each["position"]))

    def about_the_person(self, finding: Answer) -> list[Answer]:
        """What of it is about the person and may move what the finding's rule reads."""
        rule, accounts = finding["rule"], self._people.group(finding["pro"])
        city = city_of(rule, finding["figures"].get("city"))
        entries = [each for account in accounts for each in self._by_pro.get(account, ())]
        for account in accounts:
            missions = self._missions_of.get(account, {})
            entries += self._among((each for each in missions if city in (None, missions[each] or city)), rule)
        return self._known(dict.fromkeys(entries), OF_PRO, finding)[:AT_MOST]

    def _known(self, entries: Iterable[Entry], role: str, finding: Answer) -> list[Answer]:
        """Those that were there before the finding: by their place or, in the order things happened, by their time."""
        stands, at = place(finding), parse_us(finding["time"])
        return [
            _why(each, role, self._lost[each.position])
            for each in entries
            if each.position < stands or (self._by_time and each.at <= at)
        ]

    def _terms(self, finding: Answer) -> list[Answer]:
        """The policy and the baseline that it was, or would have been, judged by when it was recorded."""
        stands, at = place(finding), parse_us(finding["time"])
        city = finding["figures"].get("city")
        known = [each for each, void in self._published if each.position < stands and (void is None or void > stands)]
        found: list[tuple[Entry, str]] = []
        policies = [
            (parse_us(each.data["effective_from"]), each.position, each)
            for each in known
            if each.type == archive.POLICY
        ]
        policies = [each for each in policies if each[0] <= at]
        if policies and not self._assumed_policy:
            found.append((max(policies, key=lambda each: each[:2])[2], POLICY))
        baselines = [each for each in known if each.type == archive.BASELINE and each.subject == city]
        if baselines and finding["rule"] in BOUND_RULES:
            found.append((baselines[-1], BASELINE))
        return [_why(each, role, self._lost[each.position]) for each, role in found if each.position in self._gone]

    def _link(self, finding: Answer) -> list[Answer]:
        links = [each for each in self._gone.values() if each.type == LINKED]
        return self._known([each for each in links if finding["pro"] in self._links.group(each.subject)], LINK, finding)

    def _of_missions(self, finding: Answer) -> list[Answer]:
        """Other events of the missions that it rests on: the acceptance under a no-show."""
        rests_on = {*finding["evidence"], *([finding["cause"]["position"]] if finding["cause"] else [])}
        events = [self._event_at[each] for each in rests_on if each in self._event_at]
        adverse = {mission for mission, topic in events if type_of(topic)[0] != "mission.accepted"}
        missions = {mission for mission, _ in events}
        return self._known(self._among(missions, finding["rule"], adverse), OF_MISSION, finding)

    def _among(self, missions: Iterable[str], rule: str, adverse: Collection[str] = ()) -> list[Entry]:
        """Those about some missions that bear on a rule."""
        return [
            each
            for mission in sorted(missions)
            for each, about in self._by_mission.get(mission, ())
            if bears_on(about, rule, adverse=mission in adverse)
        ]
