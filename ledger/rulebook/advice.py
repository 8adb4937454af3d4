"""The sentences of the charters that are no rules: advice, and facts that are recorded and count for nothing.

A charter mixes both. What is not in the rule book is here, so that every sentence has its place and nobody has to guess
whether it was forgotten. `row` is its place in the catalogue of both charters (W: Wecasa, M: Mila), in their order.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.rulebook.rule import MILA, WECASA

_RELATION = "Votre relation avec Mila"
_SERVICE = "Une communication efficace avec les clients"
_WORK = "Les bases d'un bon travail"
_TALK = "5 – Communiquez avec vos client·es"
_FEES = "Les frais d'agence et de service de Mila"


class Advice(NamedTuple):
    """A sentence that is no rule: where it stands, its words, an English gloss, and why it counts for nothing."""

    row: str
    document: str
    place: str
    sentence: str
    gloss: str
    why: str


ADVICE: tuple[Advice, ...] = (
    Advice(
        "W1",
        WECASA,
        "Introduction",
        "Votre inscription en tant que pro Wecasa vient d’être validée ?",
        "Has your registration as a Wecasa pro just been validated?",
        "A registration (pro.registered) adds data. A pro is known from its first mention; no figure asks for more.",
    ),
    Advice(
        "W2",
        WECASA,
        "1 – Participez à une Welcome Session !",
        "Chaque mois, nous organisons des réunions en ligne pour les nouveaux pros.",
        "Every month we hold online meetings for new pros.",
        "An offer: who does not come has broken nothing. There is no event for it.",
    ),
    Advice(
        "W13",
        WECASA,
        _TALK,
        "Envoyez un petit message avant la session […] Prévenez en cas de retard ou de changement […] En ménage : "
        "faites un petit tour du logement à la fin de la session",
        "Send a short message before the session, tell the client when you are late, and walk through the home at the "
        "end of a cleaning.",
        "Good manners. A delay that was announced (mission.delayed) is recorded and shown, and moves no figure.",
    ),
    Advice(
        "W18",
        WECASA,
        "7 – Vous avez endommagé quelque chose ? Informez-nous !",
        "prévenez immédiatement votre client et restez transparent·e",
        "tell your client immediately and be open about it",
        "Whether the client was told is kept with the damage (client_informed); an accident is no fault of the pro.",
    ),
    Advice(
        "W29",
        WECASA,
        "9 – Votre compte peut être suspendu (Articles 14.2 & 14.3 des CGU)",
        "Pour toute question : contactez-nous via le site web en ouvrant une conversation avec nous.",
        "For any question, open a conversation with us on the website.",
        "The way to a person. A complaint (pro.complaint_opened) is recorded and answered; asking counts for nothing.",
    ),
    Advice(
        "M1",
        MILA,
        _RELATION,
        "vous agissez en tant qu'entrepreneur indépendant […] Nous ne supervisons, ne dirigeons et ne contrôlons pas "
        "votre travail",
        "You act as an independent entrepreneur; we neither supervise nor direct nor control your work.",
        "What the pro is, not what it does. Where a pro was is never recorded, only that a check-in was verified.",
    ),
    Advice(
        "M2",
        MILA,
        _SERVICE,
        "des demandes de service avec un délai d'intervention très court font partie de vos tâches quotidiennes",
        "requests at very short notice are part of your daily work",
        "A description. How short the notice was changes nothing: every acceptance commits, and every proposal may be "
        "refused.",
    ),
    Advice(
        "M3",
        MILA,
        _SERVICE,
        "Vous entrerez en contact avec vos clients pour confirmer la date d'intervention souhaitée",
        "You will contact your clients to confirm the date they wish.",
        "Between pro and client. A change of date that was agreed is recorded as a rescheduling, which never counts.",
    ),
    Advice(
        "M5",
        MILA,
        _WORK,
        "il est essentiel que vous n'acceptiez que les commandes correspondant à vos capacités et compatibles avec "
        "votre emploi du temps",
        "accept only orders that match your skills and your timetable",
        "Advice before accepting; refusing never counts. Cancelling what one cannot do is a cancellation like any.",
    ),
    Advice(
        "M7",
        MILA,
        "La clé pour obtenir de bonnes évaluations",
        "Plus votre moyenne d'étoiles sera élevée et votre taux d'annulation sera bas, plus vous gagnerez de clients",
        "The higher your mean rating and the lower your cancellation rate, the more clients you will win.",
        "How proposals are ranked is decided elsewhere; the ledger shows the figures and ranks nobody.",
    ),
    Advice(
        "M15",
        MILA,
        "Comment fonctionne le classement par étoiles ?",
        "nos cours disponibles sur Mila Academy vous aideront à vous améliorer et à obtenir plus d'étoiles !",
        "our courses at Mila Academy will help you to improve and to earn more stars",
        "An offer of help. A course taken or not taken moves no figure and no ladder; better ratings do.",
    ),
    Advice(
        "M40",
        MILA,
        _FEES,
        "Mila prend en charge les questions administratives telles que la facturation et la planification des "
        "itinéraires.",
        "Mila takes care of administration such as invoicing and planning routes.",
        "What the platform does for the pro. What a mission costs is in the billing; no standing depends on it.",
    ),
)
"""Wecasa's first, then Mila's, in the order of the charters."""
