"""The rule book: each rule beside the sentence it comes from, the figures it judges and the events that make them.

To add a rule: write its function in `ledger/rules/`, then its row in the module here that it belongs to. Recording,
replay, `why`, `rules` and the tests that walk this table find it by themselves.
"""

from __future__ import annotations

from ledger.rulebook.cancellations import CANCELLATION_LATE, CANCELLATION_RATE
from ledger.rulebook.conduct import CONDUCT
from ledger.rulebook.documents import DOCUMENTS_EXPIRED
from ledger.rulebook.no_shows import NO_SHOW
from ledger.rulebook.ratings import RATING_APPROACHING, RATING_MINIMUM, RATING_NEGATIVE
from ledger.rulebook.rule import MILA, WECASA, Citation, Rule, never_heard, never_moved

RULES: tuple[Rule, ...] = (
    NO_SHOW,
    *CONDUCT,
    CANCELLATION_RATE,
    RATING_MINIMUM,
    RATING_NEGATIVE,
    RATING_APPROACHING,
    CANCELLATION_LATE,
    DOCUMENTS_EXPIRED,
)
"""In the order they are evaluated: the strictest consequence first."""

RULE: dict[str, Rule] = {rule.id: rule for rule in RULES}

MISSION_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.triggered is not never_moved)
"""Those that react to missions."""

PRO_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.heard is not never_heard)
"""Those that react to what is recorded about the pro itself."""

__all__ = ["MILA", "MISSION_RULES", "PRO_RULES", "RULE", "RULES", "WECASA", "Citation", "Rule"]
