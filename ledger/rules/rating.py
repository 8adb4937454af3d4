"""`rating.minimum`, `rating.approaching`: the mean of the last rated missions against the city's minimum.

`rating.negative`: bad ratings from several clients.
"""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, Ladder, NegativeFigures, RatingFigures
from ledger.rules.ladder import step


def rating_minimum(pro: RatingFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « une note moyenne minimale existe pour chaque ville ».

    Breach: enough ratings, and the mean below the minimum; equal is fine. Asked at a rating below the mean before it.
    """
    if pro.rated < policy.rating_min_ratings:
        return NOTHING
    if pro.stars * policy.rating_minimum_denominator >= policy.rating_minimum_numerator * pro.rated:
        return NOTHING
    return step(ladder, policy, at, True)


def rating_approaching(pro: RatingFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « Nous vous alerterons si votre note se rapproche de la limite. »

    At or above the minimum, and less than the margin above it: minimum ≤ mean < minimum + margin. Never removes.
    """
    if pro.rated < policy.rating_min_ratings:
        return NOTHING
    if pro.stars * policy.rating_minimum_denominator < policy.rating_minimum_numerator * pro.rated:
        return NOTHING
    limit_numerator = (
        policy.rating_minimum_numerator * policy.rating_margin_denominator
        + policy.rating_margin_numerator * policy.rating_minimum_denominator
    )
    limit_denominator = policy.rating_minimum_denominator * policy.rating_margin_denominator
    if pro.stars * limit_denominator >= limit_numerator * pro.rated:
        return NOTHING
    return step(ladder, policy, at, False)


def rating_negative(pro: NegativeFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Wecasa 9: « Plusieurs avis négatifs répétés ».

    So many different clients who rated badly, among the last rated missions; one client counts once. No ladder.
    """
    return REMOVE if pro.clients >= policy.negative_count else NOTHING
