"""The rules about cancellations after acceptance."""

from __future__ import annotations

from ledger.instants import SECOND
from ledger.policies.parameters import Parameters
from ledger.pros.pro import Pro
from ledger.rulebook.evidence import adverse_positions
from ledger.rulebook.rule import MILA, WECASA, Citation, Rule
from ledger.rules.cancellation import cancellation_late, cancellation_rate
from ledger.rules.figures import LateFigures, RateFigures

_NEVER_COUNTED = (
    "Refusing or missing a proposal (« Refuser ou rater une mission ne bloque pas votre compte »).",
    "Cancellations by the client or the platform, and excused ones.",
    "Moving a mission (« essayez de reprogrammer au lieu d'annuler »).",
    "Cancelling a mission that was requested inside an unavailability declared before the request.",
    "The further missions of one series that ended: calling off a series counts once.",
)


def _counted_over(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """Every acceptance is in the denominator; what cancelled or missed a mission is above the line."""
    figures = pro.cities[city]
    accepted = figures.rate_window(policy, at)
    adverse = figures.above_the_line(accepted)
    return [*accepted, *(position for each in adverse for position in adverse_positions(each))]


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
        "What a voided unavailability had excused counts again; the next adverse event is judged with it.",
    ),
    not_counted=_NEVER_COUNTED,
    figures_type=RateFigures,
    evaluate=cancellation_rate,
    triggered=lambda movement, policy: movement.adverse,
    figures=lambda pro, city, policy, at: pro.cities[city].rate(policy, at),
    evidence=_counted_over,
)

CANCELLATION_LATE = Rule(
    id="cancellation.late",
    ladder="",
    removal="restriction",
    text="Several cancellations shortly before the start, within some days, restrict the pro for some hours.",
    citations=(
        Citation(
            document=WECASA,
            place="8 – Accepter une mission vous engage !",
            sentence="Une annulation ponctuelle, ce n’est pas grave. Mais plusieurs annulations de dernière minute "
            "peuvent entraîner une réduction du nombre de missions reçues, voire une suspension de votre compte.",
            gloss="A single cancellation is no great matter. But several last-minute cancellations may lead to fewer "
            "missions being offered, or even to a suspension of your account.",
        ),
    ),
    decided=(
        "Late is less than the policy's hours before the start, in elapsed time; exactly that many hours is in time.",
        "A pro who moved the start inside those hours is judged by the start before it.",
        "They are counted in one city, within the policy's days up to the last of them.",
        "The restriction ends by itself; while one is in force, no other follows.",
        "After a reinstatement they are counted anew.",
    ),
    not_counted=_NEVER_COUNTED,
    figures_type=LateFigures,
    evaluate=cancellation_late,
    triggered=lambda movement, policy: movement.late,
    figures=lambda pro, city, policy, at: pro.cities[city].late_figures(policy, at, pro.reinstated_at),
    evidence=lambda pro, city, policy, at: [
        position
        for each in pro.cities[city].late(policy, at, pro.reinstated_at)
        for position in adverse_positions(each)
    ],
    lasts=lambda policy: policy.late_restrict_seconds * SECOND,
)
