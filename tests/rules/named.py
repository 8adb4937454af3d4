"""The files of tests that the lists of this folder name, by short names, and whether a test they name is there."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]

CRASHES = "importing/test_crashes.py"
LINES = "importing/test_refused_input.py"
RERUN = "importing/test_rerun.py"
WRITERS = "importing/test_writers.py"
BILLING = "missions/test_billing_figures.py"
CANCELLING = "missions/test_cancellations.py"
ABSENT = "missions/test_client_absent.py"
CLOSING = "missions/test_closing.py"
DAMAGE = "missions/test_damage.py"
DECISIONS = "missions/test_decisions.py"
ERASURE = "missions/test_erasure.py"
ARRIVALS = "missions/test_late_arrivals.py"
NO_SHOWS = "missions/test_no_shows.py"
STEPS = "missions/test_order_of_steps.py"
RATINGS = "missions/test_ratings.py"
INPUT = "missions/test_refused_input.py"
REVIEWS = "missions/test_reviews.py"
NEUTRAL = "properties/test_neutrality.py"
LATE = "rules/test_cancellation_late.py"
RATE = "rules/test_cancellation_rate.py"
OWN = "rules/test_cases_of_their_own.py"
LEDGER = "rules/test_charter_in_the_ledger.py"
ABSENCE = "rules/test_client_absence.py"
CONDUCT = "rules/test_conduct.py"
DOCUMENTS = "rules/test_documents_expired.py"
FINDINGS = "rules/test_findings.py"
LADDER = "rules/test_ladder.py"
LINKED = "rules/test_linked_accounts.py"
MISSED = "rules/test_no_show_rule.py"
DEFECT = "rules/test_procedural_defect.py"
WINDOWS = "rules/test_rate_windows.py"
NEGATIVE = "rules/test_rating_negative.py"
MEAN = "rules/test_rating_rules.py"
BACK = "rules/test_reinstatement.py"
SERIES = "rules/test_series.py"
THRESHOLDS = "rules/test_thresholds.py"
AWAY = "rules/test_unavailability.py"
APPLICATION = "store/test_application.py"
LOG = "store/test_log.py"


def not_there(named: Iterable[str]) -> list[str]:
    """Those of some `file::test_name` that no test function bears."""
    split = ((each, *each.split("::")) for each in named)
    return [each for each, file, name in split if name not in _names_in(file)]


@cache
def _names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text())
    return frozenset(each.name for each in tree.body if isinstance(each, ast.FunctionDef) and each.name[:5] == "test_")
