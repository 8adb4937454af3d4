"""The rule about documents that expired."""

from __future__ import annotations

from ledger.pros.records import DOCUMENTS_EXPIRED as ID
from ledger.pros.records import EXCLUDED
from ledger.rulebook.rule import MILA, Citation, Rule
from ledger.rules.documents import documents_expired
from ledger.rules.figures import DocumentFigures

DOCUMENTS_EXPIRED = Rule(
    id=ID,
    ladder="",
    removal="restriction",
    text="A pro one of whose documents expired is restricted until it is verified again; it is no fault.",
    citations=(
        Citation(
            document=MILA,
            place="Vos informations personnelles sont importantes",
            sentence="nous effectuons une vérification des antécédents, nous exigeons une confirmation d'identité et "
            "nous demandons d'ajouter des renseignements personnels ainsi qu'une photo de profil. Veuillez garder vos "
            "informations à jour",
            gloss="we check the background, require a confirmation of identity and ask for personal details and a "
            "profile photo. Please keep your information up to date.",
        ),
    ),
    decided=(
        "The restriction ends by itself once every expired document is verified again.",
        "It counts in no rate and on no ladder.",
    ),
    not_counted=("A document that was never asked for, or that was verified after it had expired.",),
    figures_type=DocumentFigures,
    evaluate=documents_expired,
    heard=lambda pro, event: event in pro.expired.values(),
    figures=lambda pro, city, policy, at: DocumentFigures(len(pro.expired)),
    evidence=lambda pro, city, policy, at: [each.position for each in pro.expired.values()],
    silent_at=EXCLUDED,
)
