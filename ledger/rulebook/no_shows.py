"""The rule about missed appointments."""

from __future__ import annotations

from ledger.missions.mission import PRO_NO_SHOW
from ledger.policies.parameters import Parameters
from ledger.pros.pro import Pro
from ledger.pros.records import EXCLUDED
from ledger.rulebook.evidence import adverse_positions
from ledger.rulebook.rule import MILA, WECASA, Citation, Rule
from ledger.rules.figures import NoShowFigures
from ledger.rules.no_show import no_show


def _missed(pro: Pro, city: str, policy: Parameters, at: int) -> list[int]:
    """The no-shows that count, in any city."""
    figures = [each for each in pro.cities.values() if each.no_shows]
    missed = [each for city in figures for each in city.adverse.values() if each.adverse == PRO_NO_SHOW]
    return [position for each in missed for position in adverse_positions(each)]


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
    not_counted=(
        "A cancellation before the start: it is a cancellation.",
        "A report that a person rejected, or that waits for a person.",
        "A client's absence that the pro declared after waiting.",
    ),
    figures_type=NoShowFigures,
    evaluate=no_show,
    triggered=lambda movement, policy: movement.no_show,
    figures=lambda pro, city, policy, at: pro.no_shows(),
    evidence=_missed,
    silent_at=EXCLUDED,
)
