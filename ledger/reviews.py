"""Reviews: which findings and decisions rest on facts that no longer stand.

A void, a rejection or a late fact never rewrites a finding and never gives access back (contract, section 3); it makes
the finding one that a person must look at again. So does the void of the policy or baseline it was judged by, where
without it the rule reads other numbers. A void that lets something count again (of an unavailability that excused)
opens nothing: no finding rests on what was excused. Platform work directive 2024/2831 art. 11, P2B regulation 2019/1150
art. 4(3): the pro may have the facts clarified.

A person closes a review by `pro.reinstated` (or a void of the warning), or, keeping the decision, by a later
`pro.suspended` under the same rule: whoever decided anew has seen what had fallen by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from ledger.chronicle import Chronicle
from ledger.events.catalogue import PROPOSED, SUSPENDED, WARNED
from ledger.findings import read_for
from ledger.instants import NEVER
from ledger.missions.mission import PRO_NO_SHOW, Contribution
from ledger.policies.register import Register
from ledger.pros.pro import Pro
from ledger.pros.records import ProEvent
from ledger.pros.stream import expiry_of
from ledger.rulebook import RULE

Known = Callable[[str | int], tuple[int, ...]]
"""`Book.positions_of`: where the events called so stand."""

REINSTATED = "pro.reinstated"
PROCEDURAL = "procedural_defect"
"""The key under which a proposal's figures say that it came about against the order the charter gives."""


class Doubt(NamedTuple):
    """A finding in force and one fact it rests on that no longer stands.

    `fact` and `cause` are positions: of the fact and of what made it fall, 0 where that is among what was
    `reconsidered`. For a defect of procedure both are that of the proposal which has it. `confirmed` is the position of
    the latest decision by which a person kept the finding (0: none); a doubt that came up before it is settled.
    `ends_at`: when the finding ends by itself, or NEVER.
    """

    finding: ProEvent
    kind: str
    fact: int
    cause: int
    confirmed: int
    ends_at: int


def doubts(pro: Pro, chronicle: Chronicle, voided: Collection[int], known: Known) -> list[Doubt]:
    """Everything about a pro that waits for a review: decisions in force, open proposals, warnings on a ladder."""
    findings: list[tuple[ProEvent, str, int]] = [(each.event, "decision", each.until) for each in pro.decisions]
    findings += [(each, "proposal", NEVER) for each in pro.proposals]
    findings += [(each.event, "warning", each.expires_at) for ladder in pro.ladder_warnings.values() for each in ladder]
    if not findings:
        return []
    grounds = Grounds(pro, chronicle, voided, known)
    found: list[Doubt] = []
    for event, kind, ends_at in sorted(findings, key=lambda each: each[0].position):
        kept = kept_by(pro, event)
        confirmed = kept.position if kept else 0
        found += [Doubt(event, kind, fact, cause, confirmed, ends_at) for fact, cause in grounds.fallen(event)]
    return found


def reconsidered(old: Contribution | None, new: Contribution | None, position: int) -> tuple[int, ...]:
    """The facts recorded before the event at `position` that it made count, or count no longer, for a pro."""
    if new is not None and new.adverse_position in (0, position) and new.rated_position in (0, position):
        # Nearly every event of an import: nothing counted before but the acceptance, and that still does.
        if old is None:
            if new.accepted_position == position:
                return ()
        elif not old.adverse_position and not old.rated_position and old.accepted_position == new.accepted_position:
            return ()
    before, after = _weights(old), _weights(new)
    changed = {fact for fact, weight in (before.items() ^ after.items()) if fact not in (0, position)}
    return tuple(sorted(changed)) if changed else ()


def parted(before: Pro, after: Collection[Pro]) -> tuple[int, ...]:
    """The facts that findings rest on and that a voided link took from them: they counted for the person of several

    accounts, and are not of the account that each was found about.
    """
    held = {each.position for each in before.events} - before.voided
    lost: set[int] = set()
    for pro in after:
        own = {each.position for each in pro.events}
        for each in pro.events:
            if each.type in (WARNED, PROPOSED):
                rule = each.data["rule"]
                stood = (held | _counted(before, rule)).intersection(each.data["evidence"])
                lost |= stood - own - _counted(pro, rule)
    return tuple(sorted(lost))


def _weights(each: Contribution | None) -> dict[int, int]:
    """The facts of a contribution, each with what it counts as: a cancellation may have been a no-show, or late."""
    if each is None:
        return {}
    weight = 2 * each.adverse + each.late
    return {
        each.accepted_position: 0,
        each.adverse_position: weight,
        each.confirmed_position: 0,
        each.rated_position: 0,
    }


def kept_by(pro: Pro, finding: ProEvent) -> ProEvent | None:
    """The latest decision of a person under the finding's rule, the finding itself included; None for none."""
    rule = finding.data.get("rule")
    return max(
        (
            each
            for each in pro.events
            if each.type == SUSPENDED
            and each.position >= finding.position
            and each.data.get("by") != "engine"
            and each.data.get("rule") == rule
            and each.position not in pro.voided
        ),
        key=lambda each: each.position,
        default=None,
    )


class Grounds:
    """What still stands of all that findings about a pro may rest on; built once for all of them."""

    def __init__(self, pro: Pro, chronicle: Chronicle, voided: Collection[int], known: Known) -> None:
        self.pro = pro
        self.chronicle = chronicle
        self.voided = voided
        self.known = known
        self._counted: dict[str, set[int]] = {}

    def fallen(self, finding: ProEvent) -> list[tuple[int, int]]:
        """(fact, cause) of everything that a warning, proposal or decision rests on and that no longer stands."""
        judged = self._judged(finding)
        found: dict[int, int] = {}
        if judged is not None:
            for fact in judged.data["evidence"]:
                cause = self._cause(fact, judged.data["rule"])
                if cause is not None:
                    found[fact] = cause
            if judged.type == PROPOSED:
                found.update(dict.fromkeys(self._withdrawn_warnings(judged), 0))
                if judged.data["figures"].get(PROCEDURAL):
                    found[judged.position] = judged.position
            if judged.position in self.pro.voided:
                found[judged.position] = 0
            found.update(dict.fromkeys(self._withdrawn_terms(judged, finding), 0))
        if finding.type == SUSPENDED:
            found.update(dict.fromkeys(self._withdrawn(finding), 0))
        return sorted(found.items())

    def _judged(self, finding: ProEvent) -> ProEvent | None:
        """The engine's finding behind it: itself, or the proposal that a decision names."""
        if finding.type != SUSPENDED:
            return finding
        named = finding.data.get("proposal")
        proposed = [each for each in self.pro.events if each.type == PROPOSED and each.id == named]
        return proposed[-1] if proposed else None

    def _cause(self, fact: int, rule: str) -> int | None:
        """None where the fact stands under a rule; else what made it fall, 0 where it was `reconsidered`."""
        if rule not in self._counted:
            self._counted[rule] = _counted(self.pro, rule)
        if fact in self._counted[rule]:
            return None
        own = next((each for each in self.pro.events if each.position == fact), None)
        if own is None:
            return self._excuse(fact)
        if fact in self.pro.voided:
            return 0
        report = self.pro.reports.get((own.source, own.id)) if own.type == "pro.conduct_reported" else None
        if report is None or report.ruling is None or report.confirmed:
            return None
        return report.ruling.position

    def _excuse(self, fact: int) -> int:
        """The unavailability that excuses a cancellation; 0 where none does."""
        excused = next((each for each in self.pro.excused.values() if each.adverse_position == fact), None)
        if excused is None:
            return 0
        return next((each.position for each in self.pro.unavailable if each.excuses(excused)), 0)

    def _withdrawn_warnings(self, proposed: ProEvent) -> list[int]:
        """Voided warnings that counted on the rule's ladder when removal was proposed."""
        rule = RULE.get(proposed.data["rule"])
        earlier = [each for each in self.pro.events if each.position < proposed.position]
        since = max(
            (each.position for each in earlier if each.type == REINSTATED and each.position not in self.pro.voided),
            default=0,
        )
        return [
            each.position
            for each in earlier
            if each.type == WARNED
            and each.position > since
            and each.position in self.pro.voided
            and rule is not None
            and each.data["ladder"] == rule.ladder
            and not NEVER < expiry_of(each.at, each.data, self.chronicle.at(each.position)) <= proposed.at
        ]

    def _withdrawn_terms(self, judged: ProEvent, finding: ProEvent) -> list[int]:
        """The policy and the city's baseline that it was judged by, where voided since and its rule read other numbers.

        What the engine decided rests on the policy's word that it may decide, too.
        """
        known, city = self.chronicle.at(judged.position), judged.data["figures"].get("city") or ""
        voided = [each for each in known.sources(judged.at, city) if each[0] in self.voided]
        rule = RULE.get(judged.data["rule"]) if voided else None
        if rule is None:
            return []
        names = list(read_for(rule, self.pro, judged, known).reads)
        if finding.data.get("by") == "engine":
            names.append("decision_automatic")

        def read(register: Register) -> list[int]:
            terms = register.parameters(judged.at, city)
            return [getattr(terms, name) for name in names]

        return [position for position, event_id in voided if read(known.without(event_id)) != read(known)]

    def _withdrawn(self, decision: ProEvent) -> list[int]:
        """Events that a person named as proof and that were voided since."""
        found: list[int] = []
        for named in decision.data.get("evidence") or ():
            positions = [each for each in self.known(named) if each < decision.position]
            if positions and all(each in self.voided for each in positions):
                found += positions
        return found


def _counted(pro: Pro, rule: str) -> set[int]:
    """The positions of what counts under a rule: acceptances, adverse outcomes with their rulings, ratings."""
    counts = _COUNTS.get(rule, _any_adverse)
    counted: set[int] = set()
    for city in pro.cities.values():
        counted.update(city.accepted_positions)
        counted.update(each.rated_position for each in city.rated)
        for each in city.adverse.values():
            if counts(each):
                counted.update((each.adverse_position, each.confirmed_position))
    return counted


def _any_adverse(each: Contribution) -> bool:
    return True


_COUNTS: dict[str, Callable[[Contribution], bool]] = {
    "no_show": lambda each: each.adverse == PRO_NO_SHOW,
    "cancellation.late": lambda each: each.late == 1,
}
