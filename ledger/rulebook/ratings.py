"""The rules about the clients' stars."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.pros.figures import Movement
from ledger.pros.pro import Pro
from ledger.rulebook.rule import MILA, WECASA, Citation, Rule
from ledger.rules.figures import NegativeFigures, RatingFigures
from ledger.rules.rating import rating_approaching, rating_minimum, rating_negative

_NEVER_COUNTED = (
    "Ratings of missions that were cancelled before the start or whose client was absent.",
    "A second rating of the same mission, and what the pro says about the client.",
    "Ratings of missions whose completion is not known yet.",
)


def _fell_below_mean(movement: Movement, policy: Parameters) -> bool:
    """A rating newly counts in the window of the mean and is below the mean before it.

    The charter does not say when it looks; the contract asks at an adverse event, which a rating as good as the mean is
    not. So somebody who is rated alike all along, below the minimum, is never warned.
    """
    if movement.place > policy.rating_window:
        return False
    return 0 < movement.rating * movement.rated_before < movement.stars_before


def _negative(movement: Movement, policy: Parameters) -> bool:
    """A rating newly counts among those looked at, and is negative."""
    return 0 < movement.rating <= policy.negative_max_stars and movement.place <= policy.negative_window


def _ratings(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """The ratings in the window."""
    return [each.rated_position for each in pro.cities[city].rated[-policy.rating_window :]]


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
    "Only a rating below the mean before it asks the question. Who is below the minimum all along and is rated no "
    "worse than that mean is not warned.",
)

RATING_MINIMUM = Rule(
    id="rating.minimum",
    ladder="rating",
    removal="suspension",
    text="A pro whose mean rating is below the city's minimum is warned; after several warnings, suspended.",
    citations=(_MINIMUM_RATING, _LAST_FIFTY),
    decided=_RATING_DECIDED,
    not_counted=_NEVER_COUNTED,
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
    not_counted=_NEVER_COUNTED,
    figures_type=RatingFigures,
    evaluate=rating_approaching,
    triggered=_fell_below_mean,
    figures=RATING_MINIMUM.figures,
    evidence=_ratings,
)

RATING_NEGATIVE = Rule(
    id="rating.negative",
    ladder="",
    removal="suspension",
    text="Bad ratings from several different clients among the last rated missions suspend.",
    citations=(
        Citation(
            document=WECASA,
            place="9 – Votre compte peut être suspendu (Articles 14.2 & 14.3 des CGU)",
            sentence="Plusieurs avis négatifs répétés",
            gloss="Several repeated negative reviews.",
        ),
    ),
    decided=(
        "A rating is negative up to the policy's stars; of one client only one counts.",
        "The last rated missions are looked at, in order of completion, in one city.",
        "Only a negative rating asks the question, and there is no ladder: the sentence says « répétés ».",
    ),
    not_counted=_NEVER_COUNTED,
    figures_type=NegativeFigures,
    evaluate=rating_negative,
    triggered=_negative,
    figures=lambda pro, city, policy, at: pro.cities[city].negative_figures(policy),
    evidence=lambda pro, city, policy, at: [each.rated_position for each in pro.cities[city].negative(policy)],
)
