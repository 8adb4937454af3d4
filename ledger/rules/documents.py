"""`documents.expired`: no mission without valid documents. It is no fault."""

from __future__ import annotations

from ledger.policies.parameters import Parameters
from ledger.rules.figures import NOTHING, REMOVE, DocumentFigures, Ladder


def documents_expired(pro: DocumentFigures, ladder: Ladder, policy: Parameters, at: int) -> int:
    """Mila: « nous effectuons une vérification des antécédents, nous exigeons une confirmation d'identité […] Veuillez

    garder vos informations à jour ». A document that expired restricts until it is verified again.
    """
    return REMOVE if pro.expired else NOTHING
