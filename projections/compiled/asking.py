"""Asking the rules as machine code: `ledger/findings.judge`, `written` and `decided`, over figures as integers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.instants import NEVER, SECOND
from ledger.rulebook import MISSION_RULES, RULES
from ledger.rules.figures import (
    NOTHING,
    REMOVE,
    DocumentFigures,
    Ladder,
    LateFigures,
    NegativeFigures,
    NoShowFigures,
    RateFigures,
    RatingFigures,
)
from projections.compiled import rules, windows
from projections.compiled.compiling import compiled
from projections.compiled.desk import (
    DECISIONS,
    LADDER_OF,
    LASTING,
    RULE_COUNT,
    SEATS,
    WARNINGS,
    Desk,
    access_at,
    expired,
    ladder_at,
    procedural_defect,
    removed,
)
from projections.compiled.evidence import Found, note_evidence
from projections.compiled.records import DECIDED, NO_DEFECT, PROPOSED, WARNED
from projections.compiled.seats import Room
from projections.compiled.terms import Terms, row_at, version_at
from projections.compiled.widening import wide

Numbers = npt.NDArray[Any]
Record = Any

AT_MOST = 2 * RULE_COUNT
"""Findings of one move: every rule proposes and decides."""

_SILENT_AT = np.array([rule.silent_at for rule in RULES], np.int64)
_OF_MISSIONS = np.array([rules.NUMBER[rule.id] for rule in MISSION_RULES], np.int64)
NO_SHOWS, RATE, LATE = rules.NO_SHOWS, rules.RATE, rules.LATE
MINIMUM, NEGATIVE, APPROACHING, DOCUMENTS = rules.MINIMUM, rules.NEGATIVE, rules.APPROACHING, rules.DOCUMENTS
no_show, cancellation_rate, cancellation_late = rules.no_show, rules.cancellation_rate, rules.cancellation_late
rating_minimum, rating_negative = rules.rating_minimum, rules.rating_negative
rating_approaching, documents_expired = rules.rating_approaching, rules.documents_expired


@compiled
def figures(rule: int, r: Room, d: Desk, seat: int, policy: Record, at: int) -> tuple[int, int, int]:
    """The figures that a rule judges, in the order of its record; 0 for what it does not have."""
    if rule == NO_SHOWS:
        missed = 0
        for each in range(d.counts[SEATS]):
            missed += r.seats[each].no_shows
        return missed, 0, 0
    if rule == RATE:
        counted = windows.rate(r, r.seats[seat], policy, at)
        return counted.accepted, counted.cancelled, counted.no_shows
    if rule == LATE:
        return windows.late(r, r.seats[seat], policy, at).late, 0, 0
    if rule == NEGATIVE:
        bad = windows.negative(r.rated, r.chosen, r.seats[seat], policy)
        return bad.clients, bad.rated, 0
    if rule == DOCUMENTS:
        return expired(d), 0, 0
    rated = windows.rating(r.rated, r.seats[seat], policy.rating_window)
    return rated.rated, rated.stars, 0


@compiled
def evaluate(rule: int, first: int, second: int, third: int, ladder: Ladder, policy: Record, at: int) -> int:
    """What one rule finds in figures under one version."""
    if rule == NO_SHOWS:
        return no_show(NoShowFigures(first), ladder, policy, at)
    if rule == RATE:
        return cancellation_rate(RateFigures(first, second, third), ladder, policy, at)
    if rule == LATE:
        return cancellation_late(LateFigures(first), ladder, policy, at)
    if rule == NEGATIVE:
        return rating_negative(NegativeFigures(first, second), ladder, policy, at)
    if rule == DOCUMENTS:
        return documents_expired(DocumentFigures(first), ladder, policy, at)
    if rule == MINIMUM:
        return rating_minimum(RatingFigures(first, second), ladder, policy, at)
    return rating_approaching(RatingFigures(first, second), ladder, policy, at)


@compiled
def in_grace(verdict: int, rule: int, r: Room, d: Desk, seat: int, city: int, move: Record, terms: Terms) -> int:
    """What is left of a verdict: while a version is new, the milder one of it and of what the one before says."""
    at, register = move.at, move.register
    policy = terms.rows[row_at(terms, register, at, city)]
    version = version_at(terms, register, at)
    if version == terms.registers[register].first:
        return verdict
    since = terms.versions[version].since
    if at >= since + policy.grace_seconds * SECOND:
        return verdict
    before = terms.rows[row_at(terms, register, since - 1, city)]
    first, second, third = figures(rule, r, d, seat, before, at)
    ladder = ladder_at(d.warnings, d.counts[WARNINGS], LADDER_OF[rule], at)
    return min(verdict, evaluate(rule, first, second, third, ladder, before, at))


@compiled
def ask(
    rule: int, pro: int, r: Room, d: Desk, seat: int, city: int, move: Record, terms: Terms, policy: Record, f: Found
) -> None:
    """Ask one rule (`ledger.findings.judge`), write down what it finds, and let it count."""
    if access_at(d.decisions, d.counts[DECISIONS], move.at) >= _SILENT_AT[rule]:
        return
    first, second, third = figures(rule, r, d, seat, policy, move.at)
    ladder = ladder_at(d.warnings, d.counts[WARNINGS], LADDER_OF[rule], move.at)
    verdict = evaluate(rule, first, second, third, ladder, policy, move.at)
    if verdict != NOTHING:
        settle(verdict, rule, pro, r, d, seat, city, move, terms, policy, f)


@compiled
def ask_of_rating(
    rule: int, pro: int, r: Room, d: Desk, seat: int, city: int, move: Record, terms: Terms, policy: Record, f: Found
) -> None:
    """The same for the rules about ratings, which are asked most often: what they need is near at hand."""
    if access_at(d.decisions, d.counts[DECISIONS], move.at) >= _SILENT_AT[rule]:
        return
    s = r.seats[seat]
    if rule == NEGATIVE:
        bad = windows.negative(r.rated, r.chosen, s, policy)
        first, second = bad.clients, bad.rated
    else:
        rated = windows.rating(r.rated, s, policy.rating_window)
        first, second = rated.rated, rated.stars
    ladder = ladder_at(d.warnings, d.counts[WARNINGS], LADDER_OF[rule], move.at)
    verdict = evaluate(rule, first, second, wide(0), ladder, policy, move.at)
    if verdict != NOTHING:
        settle(verdict, rule, pro, r, d, seat, city, move, terms, policy, f)


@compiled
def settle(
    verdict: int,
    rule: int,
    pro: int,
    r: Room,
    d: Desk,
    seat: int,
    city: int,
    move: Record,
    terms: Terms,
    policy: Record,
    f: Found,
) -> None:
    """Write down what a rule found, unless the same removal is there already, and let it count."""
    at = move.at
    if verdict == REMOVE and removed(d, rule, at):
        return
    verdict = in_grace(verdict, rule, r, d, seat, city, move, terms)
    if verdict == NOTHING:
        return
    ladder = ladder_at(d.warnings, d.counts[WARNINGS], LADDER_OF[rule], at)
    first, second, third = figures(rule, r, d, seat, policy, at)
    finding = f.findings[f.counts[0]]
    f.counts[0] += 1
    finding.at, finding.position, finding.pro, finding.city, finding.rule = at, move.position, pro, city, rule
    finding.first, finding.second, finding.third = first, second, third
    finding.unexpired, finding.last_at = ladder.unexpired, ladder.last_at
    finding.policy = terms.versions[version_at(terms, move.register, at)].policy
    finding.until, finding.defect, finding.type = NEVER, NO_DEFECT, PROPOSED if verdict == REMOVE else WARNED
    finding.evidence = f.counts[1]
    if verdict == REMOVE and rule == NO_SHOWS:
        finding.defect = procedural_defect(r, d, policy)
    if move.position >= f.since:
        note_evidence(rule, r, d, seat, policy, at, f)
    finding.positions = f.counts[1] - finding.evidence
    if verdict != REMOVE:
        warn(rule, d, policy, at)
    elif policy.decision_automatic:
        decide(rule, d, policy, finding, f)
    else:
        d.proposed[rule] = True


@compiled
def warn(rule: int, d: Desk, policy: Record, at: int) -> None:
    """A warning was given: it stands on its ladder until it expires."""
    warning = d.warnings[d.counts[WARNINGS]]
    d.counts[WARNINGS] += 1
    warning.ladder, warning.at = LADDER_OF[rule], at
    warning.until = NEVER if LASTING[LADDER_OF[rule]] else at + policy.warnings_expiry_seconds * SECOND


@compiled
def decide(rule: int, d: Desk, policy: Record, proposal: Record, f: Found) -> None:
    """The engine's own decision on its proposal."""
    until = (
        proposal.at + policy.late_restrict_seconds * SECOND if rule == LATE and policy.late_restrict_seconds else NEVER
    )
    finding = f.findings[f.counts[0]]
    f.counts[0] += 1
    finding.at, finding.position, finding.pro, finding.city = (
        proposal.at,
        proposal.position,
        proposal.pro,
        proposal.city,
    )
    finding.rule, finding.type, finding.policy, finding.until = rule, DECIDED, proposal.policy, until
    finding.first, finding.second, finding.third, finding.unexpired = 0, 0, 0, 0
    finding.last_at, finding.defect, finding.evidence, finding.positions = NEVER, NO_DEFECT, 0, 0
    each = d.counts[DECISIONS]
    d.decisions[each].rule, d.decisions[each].until = rule, until
    d.counts[DECISIONS] += 1


@compiled
def ask_all(
    pro: int, r: Room, d: Desk, seat: int, move: Record, terms: Terms, policy: Record, m: Record, f: Found
) -> None:
    """Ask the rules that a movement triggers, in the order of the book."""
    city = r.seats[seat].city
    fell = m.place <= policy.rating_window and 0 < m.rating * m.rated_before < m.stars_before
    bad = 0 < m.rating <= policy.negative_max_stars and m.place <= policy.negative_window
    for rule in _OF_MISSIONS:
        if (fell and rule in (MINIMUM, APPROACHING)) or (bad and rule == NEGATIVE):
            ask_of_rating(rule, pro, r, d, seat, city, move, terms, policy, f)
        elif (m.no_show and rule == NO_SHOWS) or (m.adverse and rule == RATE) or (m.late and rule == LATE):
            ask(rule, pro, r, d, seat, city, move, terms, policy, f)
