"""`cancellation.rate`: too many cancellations after acceptance."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, Ladder, RateFigures
from ledger.rules.ladder import step


def cancellation_rate(pro: RateFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « Nous vous alerterons si votre taux d'annulation est supérieur à la moyenne. »

    Breach: enough missions accepted, and the rate above the city's average. Removal needs the rate above the city's
    maximum. Both strictly above, compared as fractions by cross-multiplication.
    """
    if pro.accepted < policy.cancellation_min_accepted:
        return NOTHING
    counted = pro.cancelled + pro.no_shows
    if counted * policy.cancellation_average_denominator <= policy.cancellation_average_numerator * pro.accepted:
        return NOTHING
    over = counted * policy.cancellation_maximum_denominator > policy.cancellation_maximum_numerator * pro.accepted
    return step(ladder, policy, at, beyond=over)
