"""`no_show`: not coming without having said so."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, WARN, Ladder, NoShowFigures


def no_show(pro: NoShowFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « Nous ne vous avertirons qu'une seule fois pour un rendez-vous non honoré […] nous excluons les

    partenaires qui ne se sont pas présentés sur place plus d'une fois ». The first missed mission warns at once, the
    second, on another mission, excludes; there is no cooldown and no expiry.
    """
    if pro.no_shows >= policy.no_show_exclude_at:
        return REMOVE
    if pro.no_shows >= policy.no_show_warn_at:
        return WARN
    return NOTHING
