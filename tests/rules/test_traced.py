"""`why` names the thresholds a rule read, and nothing else: the wrapper records exactly those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from ledger.events.fields import Ground
from ledger.instants import DAY, NEVER
from ledger.policies.parameters import NAMES, Parameters, parameters
from ledger.policies.shipped import preset
from ledger.policies.tracing import Traced
from ledger.rulebook import RULE, RULES
from ledger.rulebook.conduct import ZERO_TOLERANCE
from ledger.rules.figures import (
    NOTHING,
    REMOVE,
    WARN,
    ConductFigures,
    DocumentFigures,
    Ladder,
    LateFigures,
    NegativeFigures,
    NoShowFigures,
    RateFigures,
    RatingFigures,
)

MILA: Parameters = parameters(preset("mila-2018-06"), "lyon")
AT = 1000 * DAY
NEW, WARNED, FULL = Ladder(0, NEVER), Ladder(1, AT - 14 * DAY), Ladder(3, AT - 14 * DAY)
FRESH = Ladder(1, AT - 14 * DAY + 1)

ENOUGH = ("cancellation_min_accepted",)
AVERAGE = (*ENOUGH, "cancellation_average_denominator", "cancellation_average_numerator")
MAXIMUM = (*AVERAGE, "cancellation_maximum_denominator", "cancellation_maximum_numerator")
RATED = ("rating_min_ratings",)
MINIMUM = (*RATED, "rating_minimum_denominator", "rating_minimum_numerator")
MARGIN = (*MINIMUM, "rating_margin_denominator", "rating_margin_numerator")
COOLDOWN, STEPS = "warnings_cooldown_seconds", "warnings_max"

GROUNDS: tuple[str, ...] = get_args(Ground)
WITH_A_LADDER = [ground for ground in GROUNDS if ground not in ZERO_TOLERANCE]

CASES: list[tuple[str, Any, Ladder, int, tuple[str, ...]]] = [
    ("cancellation.rate", RateFigures(19, 19, 0), NEW, NOTHING, ENOUGH),
    ("cancellation.rate", RateFigures(50, 2, 0), NEW, NOTHING, AVERAGE),
    ("cancellation.rate", RateFigures(20, 1, 0), NEW, WARN, MAXIMUM),
    ("cancellation.rate", RateFigures(20, 1, 0), WARNED, WARN, (*MAXIMUM, COOLDOWN)),
    ("cancellation.rate", RateFigures(20, 0, 2), FRESH, NOTHING, (*MAXIMUM, COOLDOWN)),
    ("cancellation.rate", RateFigures(20, 1, 1), NEW, WARN, (*MAXIMUM, STEPS)),
    ("cancellation.rate", RateFigures(20, 1, 1), FULL, REMOVE, (*MAXIMUM, COOLDOWN, STEPS)),
    ("cancellation.rate", RateFigures(100, 6, 0), FULL, WARN, (*MAXIMUM, COOLDOWN)),
    ("no_show", NoShowFigures(0), NEW, NOTHING, ("no_show_exclude_at", "no_show_warn_at")),
    ("no_show", NoShowFigures(1), NEW, WARN, ("no_show_exclude_at", "no_show_warn_at")),
    ("no_show", NoShowFigures(2), NEW, REMOVE, ("no_show_exclude_at",)),
    ("rating.minimum", RatingFigures(19, 19), NEW, NOTHING, RATED),
    ("rating.minimum", RatingFigures(20, 84), NEW, NOTHING, MINIMUM),
    ("rating.minimum", RatingFigures(20, 83), NEW, WARN, (*MINIMUM, STEPS)),
    ("rating.minimum", RatingFigures(20, 83), FULL, REMOVE, (*MINIMUM, COOLDOWN, STEPS)),
    ("rating.approaching", RatingFigures(20, 83), NEW, NOTHING, MINIMUM),
    ("rating.approaching", RatingFigures(20, 86), NEW, NOTHING, MARGIN),
    ("rating.approaching", RatingFigures(20, 85), NEW, WARN, MARGIN),
    ("rating.approaching", RatingFigures(20, 84), FULL, WARN, (*MARGIN, COOLDOWN)),
    ("rating.approaching", RatingFigures(20, 84), FRESH, NOTHING, (*MARGIN, COOLDOWN)),
    ("rating.negative", NegativeFigures(2, 20), NEW, NOTHING, ("negative_count",)),
    ("rating.negative", NegativeFigures(3, 3), NEW, REMOVE, ("negative_count",)),
    ("cancellation.late", LateFigures(2), NEW, NOTHING, ("late_count",)),
    ("cancellation.late", LateFigures(3), NEW, REMOVE, ("late_count",)),
    ("documents.expired", DocumentFigures(0), NEW, NOTHING, ()),
    ("documents.expired", DocumentFigures(1), NEW, REMOVE, ()),
    *((f"conduct.{ground}", ConductFigures(0, 3), NEW, NOTHING, ()) for ground in sorted(ZERO_TOLERANCE)),
    *((f"conduct.{ground}", ConductFigures(1, 0), NEW, REMOVE, ()) for ground in sorted(ZERO_TOLERANCE)),
    *((f"conduct.{ground}", ConductFigures(5, 0), NEW, NOTHING, ()) for ground in WITH_A_LADDER),
    *((f"conduct.{ground}", ConductFigures(0, 1), FRESH, WARN, (STEPS,)) for ground in WITH_A_LADDER),
    *((f"conduct.{ground}", ConductFigures(0, 4), FULL, REMOVE, (STEPS,)) for ground in WITH_A_LADDER),
]


@pytest.mark.parametrize(("rule", "figures", "ladder", "verdict", "reads"), CASES)
def test_what_a_rule_reads(rule: str, figures: Any, ladder: Ladder, verdict: int, reads: tuple[str, ...]) -> None:
    traced = Traced(MILA)

    assert RULE[rule].evaluate(figures, ladder, traced, AT) == verdict

    assert set(traced.reads) == set(reads)
    assert len(traced.reads) == len(reads)


@pytest.mark.parametrize(("rule", "figures", "ladder", "verdict", "reads"), CASES)
def test_tracing_changes_no_verdict(
    rule: str, figures: Any, ladder: Ladder, verdict: int, reads: tuple[str, ...]
) -> None:
    evaluate: Callable[[Any, Ladder, Parameters, int], int] = RULE[rule].evaluate

    assert evaluate(figures, ladder, MILA, AT) == verdict


@pytest.mark.parametrize(("rule", "figures", "ladder", "verdict", "reads"), CASES)
def test_what_was_not_read_does_not_matter(
    rule: str, figures: Any, ladder: Ladder, verdict: int, reads: tuple[str, ...]
) -> None:
    """Change every parameter the rule did not name: the same verdict. So `why` can leave them out."""
    others = {name: getattr(MILA, name) for name in reads}
    changed = Parameters(*(others.get(name, 7) for name in NAMES))

    assert RULE[rule].evaluate(figures, ladder, changed, AT) == verdict


def test_every_rule_cites_its_sentence() -> None:
    for rule in RULES:
        assert rule.text
        assert rule.decided
        assert all(each.document and each.place and each.sentence and each.gloss for each in rule.citations)
        assert {case[0] for case in CASES} >= {rule.id}
