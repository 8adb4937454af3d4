"""The rule book: each rule beside the sentence it comes from, the figures it judges and the events that make them.

To add a rule: write its function in `ledger/rules/`, then add one row here. Recording, replay, `why` and the tests that
walk this table find it by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.missions.mission import PRO_NO_SHOW, Contribution
from ledger.policies.parameters import Parameters
from ledger.pros.figures import Movement
from ledger.pros.pro import EXCLUDED, SUSPENDED, Pro
from ledger.rules.cancellation import cancellation_rate
from ledger.rules.figures import Figures, Ladder, NoShowFigures, RateFigures, RatingFigures
from ledger.rules.no_show import no_show
from ledger.rules.rating import rating_approaching, rating_minimum


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where a rule comes from: the charter, its place, its sentence in French, and an English gloss."""

    document: str
    place: str
    sentence: str
    gloss: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the charters. `silent_at`: with this access or a stricter one it has nothing more to say."""

    id: str
    ladder: str
    removal: str
    text: str
    citations: tuple[Citation, ...]
    decided: tuple[str, ...]
    figures_type: type[Figures]
    evaluate: Callable[[Any, Ladder, Parameters, int], int]
    triggered: Callable[[Movement], bool]
    figures: Callable[[Pro, str, Parameters, int], Figures]
    evidence: Callable[[Pro, str, Parameters, int], list[int]]
    silent_at: int = SUSPENDED


MILA = "Mila, Charte de bonne conduite, juin 2018"
WECASA = "Wecasa, Les 9 choses essentielles à savoir en tant que pro"


def _fell_below_mean(movement: Movement) -> bool:
    """A rating newly counts and is below the mean before it."""
    return 0 < movement.rating * movement.rated_before < movement.stars_before


def _missed(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """The no-shows that count, in any city."""
    figures = [each for each in pro.cities.values() if each.no_shows]
    missed = [each for city in figures for each in city.adverse.values() if each.adverse == PRO_NO_SHOW]
    return [position for each in missed for position in _adverse_positions(each)]


def _rated_over(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """Every acceptance is in the denominator; what cancelled or missed a mission is above the line."""
    figures = pro.cities[city]
    accepted = list(figures.rate_window(policy, at))
    adverse = [figures.adverse[position] for position in accepted if position in figures.adverse]
    return accepted + [position for each in adverse for position in _adverse_positions(each)]


def _adverse_positions(each: Contribution) -> tuple[int, ...]:
    if each.confirmed_position:
        return each.adverse_position, each.confirmed_position
    return (each.adverse_position,)


def _ratings(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """The ratings in the window."""
    return [position for _, _, _, position in pro.cities[city].rated[-policy.rating_window :]]


NO_SHOW = Rule(
    id="no_show",
    ladder="no_show",
    removal="exclusion",
    text="A pro who misses a mission without cancelling is warned once; missing a second mission excludes.",
    citations=(
        Citation(
            document=MILA,
            place="Pourquoi faut-il éviter les annulations et les rendez-vous non honorés ?",
            sentence="Nous ne vous avertirons qu'une seule fois pour un rendez-vous non honoré, c'est-à-dire un "
            "rendez-vous manqué sans nous en avoir averti au préalable. En conséquence nous excluons les partenaires "
            "qui ne se sont pas présentés sur place plus d'une fois.",
            gloss="We warn only once for a missed appointment, one missed without telling us beforehand. "
            "Partners who failed to appear more than once are therefore excluded.",
        ),
        Citation(
            document=WECASA,
            place="9 – Votre compte peut être suspendu (Articles 14.2 & 14.3 des CGU)",
            sentence="Absence à des rendez-vous sans annulation préalable",
            gloss="Absence from appointments without prior cancellation.",
        ),
    ),
    decided=(
        "Two missions count, not two reports of one.",
        "A verified check-in or a client-absent declaration before the report makes it wait for a person.",
        "A cancellation by the pro at or after the start is a no-show.",
        "There is no window: the charter says « plus d'une fois ».",
    ),
    figures_type=NoShowFigures,
    evaluate=no_show,
    triggered=lambda movement: movement.no_show,
    figures=lambda pro, city, policy, at: pro.no_shows(),
    evidence=_missed,
    silent_at=EXCLUDED,
)

CANCELLATION_RATE = Rule(
    id="cancellation.rate",
    ladder="cancellation.rate",
    removal="suspension",
    text="A pro whose cancellation rate is above the city's average is warned; after several warnings, "
    "a rate above the city's maximum suspends.",
    citations=(
        Citation(
            document=MILA,
            place="Pourquoi faut-il éviter les annulations et les rendez-vous non honorés ?",
            sentence="Chaque ville a un taux d'annulation maximum, basé sur le taux d'annulation moyen de ses "
            "partenaires. Nous vous alerterons si votre taux d'annulation est supérieur à la moyenne. Après plusieurs "
            "notifications, vous perdrez l'accès à votre compte.",
            gloss="Every city has a maximum cancellation rate, based on the average of its partners. We will alert you "
            "when your rate is above the average. After several notifications you lose access to your account.",
        ),
        Citation(
            document=WECASA,
            place="9 – Votre compte peut être suspendu (Articles 14.2 & 14.3 des CGU)",
            sentence="Annulations répétées après acceptation d'une mission",
            gloss="Repeated cancellations after accepting a mission.",
        ),
    ),
    decided=(
        "Rate = missions with an unexcused cancellation by the pro or a counted no-show, over missions accepted.",
        "Below a minimum of accepted missions there is no breach (« Une annulation ponctuelle, ce n'est pas grave »).",
        "Warnings have a cooldown and an expiry; removal needs the rate above the city's maximum.",
    ),
    figures_type=RateFigures,
    evaluate=cancellation_rate,
    triggered=lambda movement: movement.adverse,
    figures=lambda pro, city, policy, at: pro.cities[city].rate(policy, at),
    evidence=_rated_over,
)

_MINIMUM_RATING = Citation(
    document=MILA,
    place="Comment fonctionne le classement par étoiles ?",
    sentence="Pour protéger les clients et la qualité du service, une note moyenne minimale existe pour chaque ville. "
    "Nous vous alerterons si votre note se rapproche de la limite. Après plusieurs notifications, vous perdrez l'accès "
    "à votre compte.",
    gloss="To protect clients and quality there is a minimum mean rating for every city. We will alert you when your "
    "rating approaches the limit. After several notifications you lose access to your account.",
)
_LAST_FIFTY = Citation(
    document=MILA,
    place="Comment fonctionne le classement par étoiles ?",
    sentence="nous n'affichons que la note moyenne de vos 50 dernières interventions",
    gloss="we only show the mean rating of your last 50 missions",
)
_RATING_DECIDED = (
    "The last rated missions count, in order of completion, whatever the order the ratings arrived in.",
    "Below a minimum of ratings there is no breach and no approach: a mean of few says little.",
    "A mean equal to the minimum is fine.",
)

RATING_MINIMUM = Rule(
    id="rating.minimum",
    ladder="rating",
    removal="suspension",
    text="A pro whose mean rating is below the city's minimum is warned; after several warnings, suspended.",
    citations=(_MINIMUM_RATING, _LAST_FIFTY),
    decided=_RATING_DECIDED,
    figures_type=RatingFigures,
    evaluate=rating_minimum,
    triggered=_fell_below_mean,
    figures=lambda pro, city, policy, at: pro.cities[city].rating(policy),
    evidence=_ratings,
)

RATING_APPROACHING = Rule(
    id="rating.approaching",
    ladder="rating",
    removal="suspension",
    text="A pro whose mean rating comes close to the city's minimum is warned.",
    citations=(_MINIMUM_RATING, _LAST_FIFTY),
    decided=_RATING_DECIDED,
    figures_type=RatingFigures,
    evaluate=rating_approaching,
    triggered=_fell_below_mean,
    figures=RATING_MINIMUM.figures,
    evidence=_ratings,
)

RULES: tuple[Rule, ...] = (NO_SHOW, CANCELLATION_RATE, RATING_MINIMUM, RATING_APPROACHING)
"""In the order they are evaluated: the strictest consequence first."""

RULE: dict[str, Rule] = {rule.id: rule for rule in RULES}
