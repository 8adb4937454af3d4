"""The rules of the book as machine code: the very functions of `ledger/rules`, compiled and not written again."""

from __future__ import annotations

from ledger.money import rounded as _rounded
from ledger.rulebook import RULES
from ledger.rulebook.cancellations import CANCELLATION_LATE, CANCELLATION_RATE
from ledger.rulebook.documents import DOCUMENTS_EXPIRED as EXPIRED
from ledger.rulebook.no_shows import NO_SHOW
from ledger.rulebook.ratings import RATING_APPROACHING, RATING_MINIMUM, RATING_NEGATIVE
from projections.compiled.compiling import compiled_rule

NUMBER: dict[str, int] = {rule.id: number for number, rule in enumerate(RULES)}
"""Rules by their place in the book, which is the order they are asked in."""

NO_SHOWS = NUMBER[NO_SHOW.id]
RATE = NUMBER[CANCELLATION_RATE.id]
LATE = NUMBER[CANCELLATION_LATE.id]
MINIMUM = NUMBER[RATING_MINIMUM.id]
NEGATIVE = NUMBER[RATING_NEGATIVE.id]
APPROACHING = NUMBER[RATING_APPROACHING.id]
DOCUMENTS = NUMBER[EXPIRED.id]

LADDERS = ("", *sorted({rule.ladder for rule in RULES if rule.ladder}))
"""Every ladder by number; 0: none."""
LADDER_OF = tuple(LADDERS.index(rule.ladder) for rule in RULES)

no_show = compiled_rule(NO_SHOW.evaluate)
cancellation_rate = compiled_rule(CANCELLATION_RATE.evaluate)
cancellation_late = compiled_rule(CANCELLATION_LATE.evaluate)
rating_minimum = compiled_rule(RATING_MINIMUM.evaluate)
rating_negative = compiled_rule(RATING_NEGATIVE.evaluate)
rating_approaching = compiled_rule(RATING_APPROACHING.evaluate)
documents_expired = compiled_rule(EXPIRED.evaluate)
rounded = compiled_rule(_rounded)
