"""`cancellation.rate` and `cancellation.late`: too many cancellations after acceptance, and too close to the start."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, Ladder, LateFigures, RateFigures
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
    return step(ladder, policy, at, over)


def cancellation_late(pro: LateFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Wecasa 8: « plusieurs annulations de dernière minute peuvent entraîner une réduction du nombre de missions

    reçues, voire une suspension de votre compte ». No ladder: so many within the window restrict for hours, and the
    restriction ends by itself.
    """
    return REMOVE if pro.late >= policy.late_count else NOTHING
